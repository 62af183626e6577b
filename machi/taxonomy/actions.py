"""Topics are brought by people; the first spelling stays."""
from machi.shared.japanese import cleaned, folded
from machi.taxonomy.models import Topic


def topic_named(name: str) -> Topic | None:
    """The topic of this name, made when nobody named it before. Nothing for an empty name."""
    name = cleaned(name)
    if not name:
        return None
    topic, _is_new = Topic.objects.get_or_create(folded=folded(name), defaults={"name": name})
    return topic
