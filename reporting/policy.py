"""Whose figures an actor may see."""

from uuid import UUID

from people.public import Actor
from records.public import require
from reporting.engine.questions import Question

# The key of no provider.
NOBODY = UUID(int=0)


def narrowed(actor: Actor, question: Question) -> Question:
    """The question, of what the actor may see: a provider's people and clients see their own provider's figures.

    Raises ForbiddenError for those who may see none.
    """
    require(actor, "report:read")
    if actor.reach == "provider":
        return question.narrowed("provider", str(actor.provider_id or NOBODY))
    return question
