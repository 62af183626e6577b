"""What somebody of the finance desk says of money that leaves: this much, on this day; and what becomes of it."""
from django import forms


class ProposeForm(forms.Form):
    """What stood on the screen: no other sum becomes a batch."""

    value_on = forms.DateField()
    count = forms.IntegerField(min_value=1)
    total_yen = forms.IntegerField(min_value=1)


class MoveForm(forms.Form):
    """What is done with a batch."""

    move = forms.ChoiceField(choices=[("approve", ""), ("withdraw", ""), ("give", "")])
