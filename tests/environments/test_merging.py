"""One file laid over another: the laws, and where values come from."""

from typing import Any

from hypothesis import given, strategies as st

from environments import load
from environments.errors import Place
from environments.files.document import merged
from environments.files.tree import Entry, Items, Leaf, Node, Table
from tests.environments.conftest import Project

KEYS = st.sampled_from("abc")
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(0, 3), st.sampled_from(["x", "y"]))
VALUES = st.recursive(LEAVES, lambda below: st.lists(below, max_size=2) | st.dictionaries(KEYS, below, max_size=3))
TABLES = st.dictionaries(KEYS, VALUES, max_size=3)


def tree(value: Any, file: str = "f.yaml") -> Node:
    place = Place(file)
    match value:
        case dict():
            return Table(place, {key: Entry(place, tree(below, file)) for key, below in value.items()})
        case list():
            return Items(place, tuple(tree(item, file) for item in value))
        case _:
            return Leaf(place, value)


def table(value: dict[str, Any], file: str = "f.yaml") -> Table:
    node = tree(value, file)
    assert isinstance(node, Table)
    return node


def merge(*values: dict[str, Any]) -> Any:
    return merged(*map(table, values)).plain()


@given(TABLES, TABLES, TABLES)
def test_merging_is_associative(first: dict[str, Any], second: dict[str, Any], third: dict[str, Any]) -> None:
    a, b, c = map(table, (first, second, third))
    assert merged(merged(a, b), c) == merged(a, merged(b, c))


@given(TABLES)
def test_a_file_that_says_nothing_changes_nothing(values: dict[str, Any]) -> None:
    assert merge({}, values) == values == merge(values, {})


@given(TABLES)
def test_a_file_over_itself_is_itself(values: dict[str, Any]) -> None:
    assert merge(values, values) == values


@given(TABLES, TABLES)
def test_all_keys_of_both_are_there(below: dict[str, Any], above: dict[str, Any]) -> None:
    assert merge(below, above).keys() == below.keys() | above.keys()


@given(TABLES, TABLES)
def test_what_is_no_table_wins_as_a_whole(below: dict[str, Any], above: dict[str, Any]) -> None:
    result = merge(below, above)
    for key, value in above.items():
        if not isinstance(value, dict):
            assert result[key] == value


@given(st.lists(LEAVES), st.lists(LEAVES))
def test_lists_are_replaced(below: list[Any], above: list[Any]) -> None:
    assert merge({"a": below}, {"a": above}) == {"a": above}


def test_null_takes_an_inherited_table_away() -> None:
    assert merge({"a": {"b": 1}}, {"a": None}) == {"a": None}
    assert merge({"a": {"b": 1}}, {"a": None}, {"a": {"c": 2}}) == {"a": {"c": 2}}


def test_every_value_keeps_the_file_it_came_from() -> None:
    result = merged(table({"a": {"b": 1, "c": 1}}, "base.yaml"), table({"a": {"c": 2}}, "prod.yaml"))
    assert [result.at(path).place.file for path in (("a", "b"), ("a", "c"), ("a",))] == [
        "base.yaml",
        "prod.yaml",
        "prod.yaml",
    ]


def test_null_gives_an_optional_key_its_default_again(project: Project) -> None:
    project.add("base.yaml", "tags: {team: data, cost_center: '1'}\nprefix_names: false\n")
    project.add("base.yaml", "permissions: [{group: everyone, level: CAN_VIEW}]\n")
    project.edit("dev.yaml", "  team: data\n", "  cost_center: null\nprefix_names: null\npermissions: ~\n")
    dev = load("dev", project.folder)
    assert dict(dev.tags) == {"team": "data"}
    assert dev.prefix_names is True
    assert dev.permissions == ()


def test_one_of_several_can_be_taken_away_for_another(project: Project) -> None:
    project.add("base.yaml", "git: {url: 'https://github.com/a/b', provider: gitHub, branch: main}\n")
    project.edit("prod.yaml", "  tag: v1.0.0", "  branch: null\n  tag: v1.0.0").add("dev.yaml", "git: null\n")
    prod = load("prod", project.folder)
    assert prod.git is not None
    assert (prod.git.branch, prod.git.tag) == (None, "v1.0.0")
    assert load("dev", project.folder).git is None
