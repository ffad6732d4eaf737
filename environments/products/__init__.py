"""What each data product needs to know that differs between environments: one module per product."""

from environments.products.daily_sales import DailySales
from environments.products.document_intake import DocumentIntake
from environments.products.live_orders import LiveOrders
from environments.settings.base import Settings

__all__ = ["DailySales", "DocumentIntake", "LiveOrders", "Products"]


class Products(Settings):
    """The settings of one data product each."""

    daily_sales: DailySales
    """Yesterday's sales on the dashboard."""
    document_intake: DocumentIntake
    """Documents, read as they arrive."""
    live_orders: LiveOrders
    """Orders, minutes after they were placed."""
