"""Every limit of the town in one place: how often, in which time, counted for what. A refusal says when to try again.

    "5/300s/key"    five times in 300 seconds for one key, most often an address that was typed
    "30/m/ip"       thirty times a minute from one network address: what the connection says, never what a header claims
    "10/m/user"     ten times a minute for one person who is signed in

What may be done so often within 24 hours (DAILY) is counted from what is written down, and a mailed code ends with its last try.

Nobody who lives here meets them; a program that tries passwords, or mails codes to somebody, does. Whose password is locked because
a stranger tried it can come in with a code by mail, or a passkey, all the while.
"""

ACCOUNT = {             # the names are allauth's
    "login": "30/m/ip",                             # the form of the door
    "login_failed": "10/m/ip,5/300s/key",           # a wrong password, or a wrong second key
    "request_login_code": "20/m/ip,3/m/key",        # a code to sign in with
    "signup": "20/m/ip",
    "confirm_email": "4/10m/key",                   # a code for a new address
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "reauthenticate": "10/m/user",
    "change_phone": "1/m/user",                     # no telephone is asked for; named so that nothing is left out
    "verify_phone": "1/30s/key,3/m/ip",
}
MFA = {
    "webauthn_login": "10/m/ip",                    # a passkey at the door
}
OURS = {
    "prove_by_code": "5/10m/user",                  # a code for whoever must show once more who they are
    "answer_file": "120/10m/user",                  # a picture as an answer: somebody quick gives one every five seconds
    "put_file": "30/10m/user",                      # a file beside a piece of work: drawing one anew is the dearest thing the web does
    "set_sheet": "30/10m/user",                     # the sheet and the record as PDF; the sheet is set up to five times, to fit on a page
    "find_person": "30/10m/user",                   # at the desk of people and duties: nobody is looked through,
    "look_at_person": "60/10m/user",                # nor by counting up the numbers: here pages that are only opened count too
}
DAILY = {
    "found_organisation": 5,                        # of one person: an organisation may write to strangers
    "invite": 30,                                   # of one organisation, and of one person: nobody writes to half the world in its name
    "invite_same_address": 1,                       # from the same people, also after they took one back
    "name_stand_in": 5,                             # of one worker, in all contracts: each is a notice to somebody
}
CODE_TRIES = 3                                      # of a code from a mail
