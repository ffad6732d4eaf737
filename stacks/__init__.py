"""What is run: one module per data product, all of them in the one stack of an environment."""

from constructs_lib import Construct
from environments import Environment
from stacks.base import EnvironmentStack, Product
from stacks.daily_sales import DailySales
from stacks.document_intake import DocumentIntake
from stacks.live_orders import LiveOrders

__all__ = ["PRODUCTS", "EnvironmentStack", "Product", "build"]

PRODUCTS = (DailySales, DocumentIntake, LiveOrders)
"""Every data product; a new one is added here."""


def build(scope: Construct, environment: Environment) -> EnvironmentStack:
    """Return the stack of an environment with every product in it, and a dashboard of what becomes of them."""
    stack = EnvironmentStack(scope, environment)
    for product in PRODUCTS:
        product(stack)
    stack.show_runs()
    return stack
