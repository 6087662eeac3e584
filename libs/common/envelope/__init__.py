"""What a message looks like: the declared facts and commands, and the CloudEvents envelope around them."""

from libs.common.envelope.codec import Unreadable, decode, encode
from libs.common.envelope.declare import Declared, MessageKind, command, declaration_of, declared_in, event
from libs.common.envelope.message import Message, Undecodable

__all__ = [
    "Declared",
    "Message",
    "MessageKind",
    "Undecodable",
    "Unreadable",
    "command",
    "declaration_of",
    "declared_in",
    "decode",
    "encode",
    "event",
]
