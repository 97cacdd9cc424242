"""Secrets from the system keyring or the environment, named in the profile; never written anywhere."""

from __future__ import annotations

import os
import threading
from concurrent.futures import Future

from console.domain.errors import BadInput, Denied, NotConfigured, Timeout
from console.domain.words import say

SERVICE = "tillkeeper"  # under which the keyring keeps them
_SHORTEST = 4  # characters; blanking out anything shorter would blank out half of every text

_handed_out: set[str] = set()


def secret(reference: str, timeout: float = 5.0) -> str:
    """The secret that `env:NAME` or `keyring:NAME` stands for.

    NotConfigured, with the mend, where there is none or none that can be sent; Denied or Timeout where
    the keyring stays locked. It may wait `timeout` seconds for the keyring: keep it off the loop.
    """
    source, _, name = reference.partition(":")
    if source == "env" and name:
        value = os.environ.get(name, "").strip()
        if not value:
            raise NotConfigured(
                say(
                    "the environment variable {name} is empty; set it to the secret and start again",
                    name=name,
                )
            )
    elif source == "keyring" and name:
        value = _from_keyring(name, timeout)
    else:
        # What stands there may be the secret itself, so it is not told again.
        raise BadInput(say("a secret is named by keyring:NAME or env:NAME"))
    if not (value.isascii() and value.isprintable()):
        raise NotConfigured(
            say(
                "the secret behind {name} holds a line break or a character that cannot be sent; "
                "put it there again, as the supplier wrote it",
                name=reference,
            )
        )
    if len(value) >= _SHORTEST:
        _handed_out.add(value)
    return value


def handed_out() -> frozenset[str]:
    """Every secret given out so far, for whoever must keep them out of a text."""
    return frozenset(_handed_out)


def _from_keyring(name: str, timeout: float) -> str:
    import keyring
    from keyring.errors import KeyringError, NoKeyringError

    answer: Future[str | None] = Future()

    def ask() -> None:
        try:
            answer.set_result(keyring.get_password(SERVICE, name))
        except Exception as error:  # noqa: BLE001 - it is raised where the answer is waited for
            answer.set_exception(error)

    # A keyring may ask a person to unlock it and never come back; nobody must wait for this thread.
    threading.Thread(target=ask, name="keyring", daemon=True).start()
    try:
        value = (answer.result(timeout) or "").strip()
    except TimeoutError:
        words = say("the keyring did not answer within {seconds} s; unlock it and try again", seconds=timeout)
        raise Timeout(words) from None
    except NoKeyringError:
        words = say(
            'this computer has no keyring; use credential = "env:NAME" in place of keyring:{name}', name=name
        )
        raise NotConfigured(words) from None
    except KeyringError as error:
        words = say(
            "the keyring did not give out {name} ({reason}); unlock it and try again",
            name=name,
            reason=type(error).__name__,
        )
        raise Denied(words) from error
    if not value:
        command = f"keyring set {SERVICE} {name}"
        words = say("the keyring holds no {name}; put it there with: {command}", name=name, command=command)
        raise NotConfigured(words)
    return value
