"""Plots as SVG inside a page: no script, no picture from elsewhere, and letters of one size at any width."""
