"""What a step is called where its contract is not on the page."""
from machi.contracts.models import Milestone


def titled(milestone: Milestone) -> str:
    """「会報を直す：2面」; work in one piece has only its title, and so has a step that is called like the whole."""
    whole, step = milestone.contract.title, milestone.title
    return f"{whole}：{step}" if step and step != whole else whole
