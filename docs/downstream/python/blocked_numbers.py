"""usage: KAFKA_BROKERS=localhost:19092 python blocked_numbers.py

Keeps a copy of who is blocked, by number, from identity.state.v1 alone. Write a number on a line, or `all`; each line is answered with one line of JSON.
"""

import json
import os
import queue
import re
import sys
import threading
import time
import uuid
from datetime import datetime, timezone
from pathlib import Path

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaException, TopicPartition
from jsonschema import Draft202012Validator

BROKERS = os.environ.get("KAFKA_BROKERS", "localhost:19092")
TOPIC = os.environ.get("TOPIC", "identity.state.v1")
SCHEMA = Path(__file__).parent / "../../../packages/contracts/schemas/identity.state.v1/state.json"
CURRENT_FOR_S = 10
STRICTEST_FIRST = ["blocked", "unknown", "clear"]


def canonical(number: str) -> str:
    """One number has several spellings; the topic has the one of E.164."""
    digits = re.sub(r"\D", "", number)
    digits = re.sub(r"^55([1-9][1-9])([2-9]\d{7})$", r"55\g<1>9\2", digits)  # Brazil: mobiles have a 9 since 2016
    digits = re.sub(r"^521(\d{10})$", r"52\1", digits)  # Mexico: no 1 since 2019
    return re.sub(r"^54([1-8]\d{9})$", r"549\1", digits)  # Argentina: a 9 from abroad


class Table:
    """Who is blocked, by number."""

    def __init__(self) -> None:
        self.contacts: dict[str, dict] = {}
        self.holders: dict[str, set[str]] = {}

    def take(self, state: dict) -> None:
        """Takes a record in. One that is older than what we have came late, or again: it says nothing."""
        known = self.contacts.get(state["contactId"])
        if known is not None and known["version"] > state["version"]:
            return
        self.forget(state["contactId"])
        for one in state["identifiers"]:
            if one["kind"] == "wa_id":
                self.holders.setdefault(one["value"], set()).add(state["contactId"])
        self.contacts[state["contactId"]] = state  # merged: it has no identifiers any more, so nobody finds it

    def forget(self, contact_id: str) -> None:
        for one in self.contacts.pop(contact_id, {"identifiers": []})["identifiers"]:
            self.holders.get(one["value"], set()).discard(contact_id)

    def status_of(self, number: str) -> str:
        """The strictest of all who hold the number now; nobody: unknown."""
        now = datetime.now(timezone.utc)
        found = {
            self.contacts[contact_id]["identity"]["status"]
            for contact_id in self.holders.get(number, ())
            for one in self.contacts[contact_id]["identifiers"]
            if one["kind"] == "wa_id" and one["value"] == number and holds(one, now)
        }
        return next((status for status in STRICTEST_FIRST if status in found), "unknown")


def holds(identifier: dict, now: datetime) -> bool:
    """Whether the contact has the identifier at this instant: from included, to excluded, null open."""
    since, until = identifier["validFrom"], identifier["validTo"]
    return (since is None or instant(since) <= now) and (until is None or now < instant(until))


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def follow(consumer: Consumer, watch: Consumer, partitions: list[int], questions: queue.Queue) -> None:
    validator = Draft202012Validator(json.loads(SCHEMA.read_text()), format_checker=Draft202012Validator.FORMAT_CHECKER)
    table = Table()
    next_offset: dict[int, int] = {}
    current_at, asked_at = 0.0, 0.0
    while True:
        for message in consumer.consume(num_messages=500, timeout=0.05):
            if message.error():
                raise KafkaException(message.error())
            next_offset[message.partition()] = message.offset() + 1
            if message.value() is None:
                table.forget(message.key().decode())  # a tombstone; keyturn writes none today
                continue
            state = json.loads(message.value())
            validator.validate(state)  # what it refuses ends the program: a copy that missed something is not to be asked
            table.take(state)
        if time.monotonic() - asked_at > 0.2:
            asked_at = time.monotonic()
            if is_current(watch, partitions, next_offset):
                current_at = asked_at
        while not questions.empty():
            current = time.monotonic() - current_at < CURRENT_FOR_S and current_at > 0
            print(json.dumps(answer(questions.get(), table, current)), flush=True)


def is_current(watch: Consumer, partitions: list[int], next_offset: dict[int, int]) -> bool:
    """Whether we have read all that was there a moment ago. Kafka away: no longer, soon."""
    try:
        ends = {one: watch.get_watermark_offsets(TopicPartition(TOPIC, one), timeout=2) for one in partitions}
    except KafkaException:
        return False
    return all(next_offset.get(one, low) >= high for one, (low, high) in ends.items())


def answer(line: str, table: Table, current: bool) -> dict:
    """Not known to be current is not allowed: unknown."""
    if line == "all":
        return {"current": current, "numbers": {one: table.status_of(one) if current else "unknown" for one in table.holders}}
    return {"current": current, "status": table.status_of(canonical(line)) if current else "unknown"}


def main() -> None:
    questions: queue.Queue = queue.Queue()
    threading.Thread(target=lambda: [questions.put(line.strip()) for line in sys.stdin], daemon=True).start()
    # All partitions by hand, and nothing committed: the table is in memory, so each start reads from the beginning.
    settings = {"bootstrap.servers": BROKERS, "group.id": f"blocked-numbers-{uuid.uuid4()}", "enable.auto.commit": False}
    consumer, watch = Consumer(settings), Consumer(settings)  # a question about the end would wait behind a fetch that waits for news
    partitions = list(consumer.list_topics(TOPIC, timeout=10).topics[TOPIC].partitions)
    consumer.assign([TopicPartition(TOPIC, one, OFFSET_BEGINNING) for one in partitions])
    follow(consumer, watch, partitions, questions)


main()
