"""The real mail servers, for every test of this folder."""

from tests.channels.email.mail_house import mail_house, post_house

__all__ = ["mail_house", "post_house"]
