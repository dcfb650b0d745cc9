"""Saving what a form says while others save too."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import ObjectDoesNotExist
from django.forms import BaseForm
from django.http import Http404

from messaging.taken import Taken


def save_or_explain(form: BaseForm, write: Callable[[], object]) -> bool:
    """Call what writes the valid form. False if somebody else was quicker: the form says with what.

    Raises Http404 if what is written, or what it belongs to, was deleted meanwhile.
    """
    try:
        write()
    except Taken as error:
        form.add_error(error.field, str(error.message))
        return False
    except ObjectDoesNotExist:
        raise Http404 from None
    return True
