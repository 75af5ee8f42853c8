"""The ways to make a rule wrong, as people do: another comparison, one too many, a field left out."""

import ast
import copy
from collections.abc import Callable, Iterator, Sequence
from typing import Any

Wrong = tuple[str, ast.expr | ast.stmt, ast.AST]
"""What is wrong in words, the code that is right, and the code that is wrong."""
Leaves = Callable[[str, str], bool]
"""Tells whether a call of that name works without that keyword."""

OTHER_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
OTHER_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
OTHER_FUNCTIONS = {"min": "max", "max": "min", "any": "all", "all": "any"}
CLEANERS = frozenset({"strip", "upper", "lower", "casefold"})
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def wrong_ways(node: ast.AST, leaves: Leaves) -> Iterator[Wrong]:
    """Give every way to get this one piece of code wrong, not the pieces inside it."""
    match node:
        case ast.Constant():
            yield from _counted(node)
        case ast.Call():
            yield from _called(node, leaves)
        case ast.Tuple(ctx=ast.Load()) | ast.List(ctx=ast.Load()) | ast.Set() | ast.Dict():
            yield from _listed(node)
        case _ if isinstance(node, COMPREHENSIONS):
            yield from _filtered(node)
        case ast.stmt():
            yield from _stated(node)
        case ast.expr():
            yield from _decided(node)


def _decided(node: ast.expr) -> Iterator[Wrong]:
    match node:
        case ast.Compare():
            yield from _compared(node)
        case ast.BoolOp():
            yield from _connected(node)
        case ast.BinOp():
            yield from _calculated(node)
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield "the sign or the `not` left out", node, node.operand
        case ast.IfExp():
            yield "always the first", node, node.body
            yield "always the other", node, node.orelse


def _counted(node: ast.Constant) -> Iterator[Wrong]:
    if isinstance(node.value, bool):
        yield f"{not node.value} for {node.value}", node, ast.Constant(value=not node.value)
    elif isinstance(node.value, int):
        yield "one more", node, ast.Constant(value=node.value + 1)
        yield "one less", node, ast.Constant(value=node.value - 1)


def _compared(node: ast.Compare) -> Iterator[Wrong]:
    for place, operator in enumerate(node.ops):
        for other in OTHER_COMPARISONS[type(operator)]:
            ops = [*node.ops[:place], other(), *node.ops[place + 1 :]]
            yield f"{other.__name__} for {type(operator).__name__}", node, changed(node, ops=ops)


def _connected(node: ast.BoolOp) -> Iterator[Wrong]:
    is_and = isinstance(node.op, ast.And)
    yield (
        ("or for and" if is_and else "and for or"),
        node,
        changed(node, op=ast.Or() if is_and else ast.And()),
    )
    for place in range(len(node.values)):
        left = without(node.values, place)
        yield "a condition left out", node, left[0] if len(left) == 1 else changed(node, values=left)


def _calculated(node: ast.BinOp) -> Iterator[Wrong]:
    is_text = any(isinstance(each, ast.JoinedStr) or _is_str(each) for each in (node.left, node.right))
    other = OTHER_OPERATORS.get(type(node.op))
    if other and not is_text:
        yield f"{other.__name__} for {type(node.op).__name__}", node, changed(node, op=other())


def _called(node: ast.Call, leaves: Leaves) -> Iterator[Wrong]:
    match node.func:
        case ast.Name(id=name):
            if name in OTHER_FUNCTIONS:
                other = OTHER_FUNCTIONS[name]
                yield f"{other} for {name}", node, changed(node, func=ast.Name(id=other))
            if name == "sorted":
                yield "not sorted", node, ast.Call(func=ast.Name(id="list"), args=node.args[:1], keywords=[])
            if name == "abs":
                yield "with its sign", node, node.args[0]
            for place, keyword in enumerate(node.keywords):
                if keyword.arg and leaves(name, keyword.arg):
                    fewer = changed(node, keywords=without(node.keywords, place))
                    yield f"`{keyword.arg}` left out", node, fewer
        case ast.Attribute(attr=name, value=value) if name in CLEANERS and not node.args:
            yield f"without {name}", node, value


def _listed(node: ast.Tuple | ast.List | ast.Set | ast.Dict) -> Iterator[Wrong]:
    fields = ("keys", "values") if isinstance(node, ast.Dict) else ("elts",)
    members = len(getattr(node, fields[0]))
    for place in range(members if members > 1 else 0):
        fewer = {field: without(getattr(node, field), place) for field in fields}
        yield "a member left out", node, changed(node, **fewer)


def _filtered(node: Any) -> Iterator[Wrong]:
    for place, generator in enumerate(node.generators):
        for number in range(len(generator.ifs)):
            all_of_them = changed(generator, ifs=without(generator.ifs, number))
            generators = [*node.generators[:place], all_of_them, *node.generators[place + 1 :]]
            yield "not filtered", node, changed(node, generators=generators)


def _stated(node: ast.stmt) -> Iterator[Wrong]:
    match node:
        case ast.If(body=[ast.Raise()]) | ast.While():
            yield "never", node.test, ast.Constant(value=False)
        case ast.If():
            yield "never", node.test, ast.Constant(value=False)
            yield "always", node.test, ast.Constant(value=True)
        case ast.Return(value=ast.Compare() | ast.BoolOp() as value):
            yield "always true", value, ast.Constant(value=True)
            yield "always false", value, ast.Constant(value=False)
        case ast.Expr(value=ast.Yield() | ast.YieldFrom()):
            yield "not said", node, ast.parse("yield from ()").body[0]
        case ast.Expr(value=ast.Call()) | ast.AugAssign():
            yield "not done", node, ast.Pass()


def changed(node: Any, **fields: Any) -> Any:
    """Give a copy of a piece of code with other parts."""
    made = copy.copy(node)
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def without(parts: Sequence[Any], place: int) -> list[Any]:
    return [*parts[:place], *parts[place + 1 :]]


def _is_str(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
