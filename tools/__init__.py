"""What makes or checks files of this repository; nothing here is installed with the package."""
