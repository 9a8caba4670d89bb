"""Templates compiled once per language: fixed words and addresses of a page cost nothing when it is shown."""

from django.template import Context, Node, NodeList, Origin, Template
from django.template.base import FilterExpression, TextNode, Variable
from django.template.defaulttags import IfNode, URLNode
from django.template.loaders.base import Loader as BaseLoader
from django.template.loaders.cached import Loader as CachedLoader
from django.templatetags.i18n import TranslateNode
from django.templatetags.static import StaticNode
from django.urls import NoReverseMatch

from design.languages import spoken

Constant = TranslateNode | URLNode | StaticNode


class FixedVariable(Node):
    """`{% translate "Find" as find_text %}` or `{% url "desk:home" as home_url %}` after it was looked up."""

    def __init__(self, name: str, value: str) -> None:
        self.name = name
        self.value = value

    def render(self, context: Context) -> str:
        """Set the variable; nothing is shown."""
        context[self.name] = self.value
        return ""


class SettledNodes(NodeList):
    """The nodes of a whole template, which never change: they are searched once, not by every page that extends it."""

    def __init__(self, nodes: NodeList) -> None:
        super().__init__(nodes)
        self.contains_nontext = nodes.contains_nontext
        self._found: dict[type[Node], list[Node]] = {}

    def get_nodes_by_type(self, nodetype: type[Node]) -> list[Node]:
        """The nodes of a type, at any depth."""
        if nodetype not in self._found:
            self._found[nodetype] = super().get_nodes_by_type(nodetype)
        return self._found[nodetype]


class SpeakingLoader(BaseLoader):
    """Compiles a template in the reader's language: a `translate` of fixed words becomes those words."""

    def get_template(self, template_name: str, skip: list[Origin] | None = None) -> Template:
        """A template that holds one language."""
        template = super().get_template(template_name, skip)
        _settle(template.nodelist)
        template.nodelist = SettledNodes(template.nodelist)
        return template


class Loader(CachedLoader, SpeakingLoader):
    """Django's cached loader with a compiled template for each language."""

    def cache_key(self, template_name: str, skip: list[Origin] | None = None) -> str:
        """The key of a template in the active language."""
        return f"{spoken()}:{super().cache_key(template_name, skip)}"


def _settle(nodes: NodeList) -> None:
    settled: list[Node] = []
    for node in nodes:
        fixed = _fixed(node)
        before = settled[-1] if settled else None
        # Words beside plain text join it: fewer nodes to walk through.
        if isinstance(fixed, TextNode) and isinstance(before, TextNode):
            settled[-1] = TextNode(before.s + fixed.s)
        else:
            settled.append(fixed)
        for inner in _inner_lists(fixed):
            _settle(inner)
    nodes[:] = settled


def _fixed(node: Node) -> Node:
    """The node, or what it gives on every page: words to translate, addresses and files without a variable."""
    if not isinstance(node, Constant) or not _is_constant(node):
        return node
    context = Context()
    try:
        text = node.render(context)
    except NoReverseMatch:
        # Only an error if it is shown: it may stand in a branch for pages that are not served here.
        return node
    name = node.varname if isinstance(node, StaticNode) else node.asvar
    return FixedVariable(name, context[name]) if name else TextNode(text)


def _is_constant(node: Constant) -> bool:
    if isinstance(node, StaticNode):
        return _is_literal(node.path)
    if isinstance(node, URLNode):
        return not node.args and not node.kwargs and _is_literal(node.view_name)
    return not node.message_context and _is_literal(node.filter_expression)


def _is_literal(expression: FilterExpression) -> bool:
    if expression.filters:
        return False
    variable = expression.var
    return variable.lookups is None if isinstance(variable, Variable) else True


def _inner_lists(node: Node) -> list[NodeList]:
    if isinstance(node, IfNode):
        # Its `nodelist` is a copy of what its branches hold.
        return [branch for _, branch in node.conditions_nodelists]
    names = getattr(node, "child_nodelists", ())
    return [inner for name in names if isinstance(inner := getattr(node, name, None), NodeList)]
