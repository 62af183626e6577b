"""What a step is called where its contract is not on the page."""
from machi.contracts.models import Milestone


def titled(milestone: Milestone) -> str:
    """「会報を直す：2面」; work in one piece has only its title."""
    return f"{milestone.contract.title}：{milestone.title}" if milestone.title else milestone.contract.title
