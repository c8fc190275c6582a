"""What an operator signs in to G2A with. Importing this costs nothing: faces do, before the engine is there."""

import msgspec

from console.settings import SecretStr


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """As somebody has typed them; `email` is needed by the hash header alone, `base_url` says which G2A it is."""

    client_id: str
    client_secret: SecretStr  # it shows nothing of itself
    email: str
    base_url: str

    def settings(self) -> dict[str, str]:
        """The same by their names in `.env`; an address that was left out is not among them."""
        return {
            "G2A_CLIENT_ID": self.client_id.strip(),
            "G2A_CLIENT_SECRET": self.client_secret.reveal().strip(),
            **({"G2A_EMAIL": self.email.strip()} if self.email.strip() else {}),
            "G2A_BASE_URL": self.base_url.strip(),
        }


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """What came of trying credentials, in words. `is_open`: G2A could not be asked, so they may be right."""

    accepted: bool
    words: str
    is_open: bool = False
