"""Lists that come in pages: https://docs.databricks.com/api/workspace/introduction#pagination."""

from collections.abc import Iterable
from itertools import islice

from lakeflow.workspace.exchange import Json, Request

MOST = 1000


def page(rows: Iterable[Json], request: Request, name: str, *, size: str = "page_size", most: int = MOST) -> Json:
    """Return the page of a list that a request asks for, with the token of the next; more than `most` is not given.

    `name` is what the answer calls the list, and `size` what the request calls the length of a page.
    """
    length = min(request.count(size, most) or most, most)
    offset = request.count("page_token", 0)
    shown = list(islice(rows, offset, offset + length + 1))
    answer: Json = {name: shown[:length]}
    if len(shown) > length:
        answer["next_page_token"] = str(offset + length)
    return answer
