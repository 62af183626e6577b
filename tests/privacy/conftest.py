"""The life of somebody who leaves for good."""
import pytest

from tests.privacy.canaries import Life


@pytest.fixture(params=["worker", "client"])
def life(request, town, settings):
    """A whole life of one of the two, whose every word carries a canary; mails lie in files, as in a town of one's own."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    lived = Life(request.param)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return lived
