from accounts.models.agencies import Agency
from accounts.models.people import User

__all__ = ["Agency", "User"]
