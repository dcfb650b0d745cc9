from __future__ import annotations

from django.urls import path, register_converter
from django.views.i18n import set_language

from sandbox.authenticator import views as authenticator
from sandbox.bank import views as bank
from sandbox.gateway import contract, sender_contract, sender_views
from sandbox.gateway import views as gateway
from sandbox.mailbox import views as mailbox
from sandbox.phones import views as phones
from sandbox.registers import contract as white_list
from sandbox.registers import views as registers
from sandbox.serwersms import contract as serwersms
from sandbox.views import home, reset


class DigitsConverter:
    """A phone number in an address."""

    regex = r"\d{9,15}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(DigitsConverter, "digits")

urlpatterns = [
    path("", home, name="home"),
    path("reset/", reset, name="reset"),
    path("language/", set_language, name="set_language"),
    # SMSAPI's contract
    path("smsapi/sms.do", contract.sms_do),
    path("smsapi/user.do", contract.user_do),
    path("smsapi/profile", contract.profile),
    path("smsapi/ping", contract.ping),
    path("smsapi/sender.do", sender_contract.sender_do),
    path("smsapi/sms/sendernames", sender_contract.names),
    path("smsapi/sms/sendernames/statement", sender_contract.statement),
    path("smsapi/sms/sendernames/<str:name>", sender_contract.name),
    path("smsapi/sms/sendernames/<str:name>/commands/make_default", sender_contract.make_default),
    # Not SMSAPI's: how the gateway should misbehave, and what the networks say of names
    path("smsapi/faults/", gateway.faults_api),
    path("smsapi/networks/", sender_views.networks_api),
    # SerwerSMS's contract: each action with and without its format
    *(
        path(f"serwersms/{name}{suffix}", view)
        for name, view in serwersms.ACTIONS.items()
        for suffix in ("", ".json")
    ),
    # Pages about the gateway
    path("gateway/", gateway.gateway, name="gateway"),
    path("gateway/faults/", gateway.change_faults, name="change_faults"),
    path("gateway/panel/", gateway.change_panel, name="change_panel"),
    path("gateway/networks/", sender_views.change_networks, name="change_networks"),
    path("gateway/names/<int:pk>/", sender_views.change_status, name="change_status"),
    path("gateway/messages/", gateway.messages, name="gateway_messages"),
    # Phones
    path("phones/", phones.phones, name="phones"),
    path("phones/<digits:number>/", phones.phone, name="phone"),
    path("phones/<digits:number>/reply/", phones.reply, name="reply"),
    path("phones.json", phones.phones_json),
    # Mailbox
    path("mail/", mailbox.mails, name="mails"),
    path("mail/<int:pk>/", mailbox.mail, name="mail"),
    path("mail/<int:pk>/html/", mailbox.mail_html, name="mail_html"),
    path("mail/<int:pk>/attachments/<int:position>/", mailbox.attachment, name="attachment"),
    path("mail.json", mailbox.mails_json),
    # Bank
    path("bank/", bank.bank, name="bank"),
    path("bank/transfers.json", bank.transfers_json),
    path("bank/statement/<str:day>.<str:extension>", bank.statement, name="statement"),
    # The white list's contract
    path("wl/api/search/nip/<str:nip>", white_list.search_nip),
    # Not the white list's: how it should misbehave
    path("wl/faults/", registers.register_fault_api),
    # Register
    path("register/", registers.register, name="register"),
    path("register/fault/", registers.change_register_fault, name="change_register_fault"),
    # Authenticator app
    path("authenticator/", authenticator.authenticator, name="authenticator"),
    path("authenticator/codes/", authenticator.codes, name="codes"),
    path("authenticator/<int:pk>/remove/", authenticator.remove_account, name="remove_account"),
]
