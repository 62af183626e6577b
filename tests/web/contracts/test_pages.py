"""The pages of offers and contracts, as both sides see them."""
import pytest

from tests.people import a_contract, an_offer, client_of


@pytest.fixture
def at(browser):
    """Sign in as a person and open an address: at(user, "/contracts/")."""
    def go(user, path, **named):
        browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return browser.get(path, **named)
    return go


@pytest.mark.parametrize("language", ["ja", "ja-simple", "en"])
@pytest.mark.parametrize("how_far", [{}, {"funded": True}, {"delivered": True}, {"accepted": True}])
def test_both_sides_can_open_a_contract_in_every_state_and_language(at, browser, db, language, how_far):
    browser.cookies["django_language"] = language
    contract = a_contract(**how_far)

    for user in (contract.worker, client_of(contract)):
        for path in ("/contracts/", f"/contracts/{contract.pk}/", f"/offers/{contract.offer_id}/"):
            assert at(user, path).status_code == 200


def test_offer(at, db):
    offer = an_offer()
    for user in (offer.worker, client_of(offer)):
        r = at(user, f"/offers/{offer.pk}/")
        assert r.status_code == 200
