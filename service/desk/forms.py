"""Reading forms: small, sent by the page that we made, from an operator who may send them."""

from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

from service.config.operator_tokens import Operator
from service.desk.sessions import Sessions
from service.desk.visitors import CurrentOperator, ForeignForm, ReadsOnly

LARGEST_FORM = 64 * 1024
MOST_FIELDS = 50


class Forms:
    """Reads the pages' forms."""

    def __init__(self, sessions: Sessions, visitors: CurrentOperator) -> None:
        self._sessions = sessions
        self._visitors = visitors

    async def read(self, request: Request) -> dict[str, str]:
        """Return a form's fields.

        Raises:
            ForeignForm: the form was not made for this session.
            HTTPException: it is too large.
        """
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_FORM:
                raise HTTPException(413, "The form is too large.")
        try:
            fields = dict(
                parse_qsl(
                    body.decode("utf-8", "replace"),
                    keep_blank_values=True,
                    max_num_fields=MOST_FIELDS,
                )
            )
        except ValueError:
            raise HTTPException(413, "The form has too many fields.") from None
        if not self._sessions.is_own_form(request.state.session, fields.get("form_token", "")):
            raise ForeignForm
        # A null character can't be stored, and nobody types one.
        return {key: value.replace("\0", "") for key, value in fields.items()}

    async def read_answer(self, request: Request) -> tuple[Operator, dict[str, str]]:
        """Return who answers, and the fields.

        Raises:
            NotSignedIn: nobody is signed in.
            ReadsOnly: the operator may only look.
            ForeignForm: see `read`.
            HTTPException: see `read`.
        """
        operator = self._visitors.of_request(request)
        fields = await self.read(request)
        if operator.is_read_only:
            raise ReadsOnly
        return operator, fields
