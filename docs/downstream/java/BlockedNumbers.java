import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import dev.harrel.jsonschema.providers.JacksonNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * usage: KAFKA_BROKERS=localhost:19092 java -cp … BlockedNumbers
 * Keeps a copy of who is blocked, by number, from identity.state.v1 alone. Write a number on a line, or `all`; each line is answered with one line of
 * JSON.
 */
public final class BlockedNumbers {
  private static final String BROKERS = env("KAFKA_BROKERS", "localhost:19092");
  private static final String TOPIC = env("TOPIC", "identity.state.v1");
  private static final Path SCHEMA = Path.of(env("SCHEMA", "../../../packages/contracts/schemas/identity.state.v1/state.json"));
  private static final long CURRENT_FOR_MS = 10_000;
  private static final long LOOK_EVERY_MS = 200;
  private static final List<String> STRICTEST_FIRST = List.of("blocked", "unknown", "clear");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, JsonNode> contacts = new HashMap<>();
  private final Map<String, Set<String>> holders = new HashMap<>();

  /** One number has several spellings; the topic has the one of E.164. */
  static String canonical(String number) {
    return number
        .replaceAll("\\D", "")
        .replaceAll("^55([1-9][1-9])([2-9]\\d{7})$", "55$19$2") // Brazil: mobiles have a 9 since 2016
        .replaceAll("^521(\\d{10})$", "52$1") // Mexico: no 1 since 2019
        .replaceAll("^54([1-8]\\d{9})$", "549$1"); // Argentina: a 9 from abroad
  }

  /** Takes a record in. One that is older than what we have came late, or again: it says nothing. */
  void take(JsonNode state) {
    String contactId = state.get("contactId").asText();
    JsonNode known = contacts.get(contactId);
    if (known != null && known.get("version").asLong() > state.get("version").asLong()) return;
    forget(contactId);
    for (JsonNode one : state.get("identifiers")) {
      if (one.get("kind").asText().equals("wa_id")) holders.computeIfAbsent(one.get("value").asText(), any -> new HashSet<>()).add(contactId);
    }
    contacts.put(contactId, state); // merged: it has no identifiers any more, so nobody finds it
  }

  void forget(String contactId) {
    JsonNode known = contacts.remove(contactId);
    if (known != null) known.get("identifiers").forEach(one -> holders.getOrDefault(one.get("value").asText(), new HashSet<>()).remove(contactId));
  }

  /** The strictest of all who hold the number now; nobody: unknown. */
  String statusOf(String number) {
    Instant now = Instant.now();
    Set<String> found =
        holders.getOrDefault(number, Set.of()).stream()
            .map(contacts::get)
            .filter(state -> StreamSupport.stream(state.get("identifiers").spliterator(), false).anyMatch(one -> holds(one, number, now)))
            .map(state -> state.at("/identity/status").asText())
            .collect(Collectors.toSet());
    return STRICTEST_FIRST.stream().filter(found::contains).findFirst().orElse("unknown");
  }

  /** Whether it is this number, and the contact has it at this instant: from included, to excluded, null open. */
  private static boolean holds(JsonNode one, String number, Instant now) {
    JsonNode since = one.get("validFrom");
    JsonNode until = one.get("validTo");
    return one.get("kind").asText().equals("wa_id")
        && one.get("value").asText().equals(number)
        && (since.isNull() || !Instant.parse(since.asText()).isAfter(now))
        && (until.isNull() || now.isBefore(Instant.parse(until.asText())));
  }

  private void follow(KafkaConsumer<byte[], byte[]> consumer, ConcurrentLinkedQueue<String> questions) throws Exception {
    Validator validator = new ValidatorFactory().withJsonNodeFactory(new JacksonNode.Factory()).createValidator();
    URI schema = validator.registerSchema(Files.readString(SCHEMA));
    long currentAt = 0;
    long lookedAt = 0;
    while (true) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(50))) {
        if (record.value() == null) {
          forget(new String(record.key(), StandardCharsets.UTF_8)); // a tombstone; keyturn writes none today
          continue;
        }
        JsonNode state = JSON.readTree(record.value());
        Validator.Result result = validator.validate(schema, state);
        if (!result.isValid()) { // ends the program: a copy that missed something is not to be asked
          String place = TOPIC + "/" + record.partition() + " at " + record.offset();
          throw new IllegalStateException(place + " is not what the schema says: " + result.getErrors().get(0).getError());
        }
        take(state);
      }
      long now = System.currentTimeMillis();
      if (now - lookedAt > LOOK_EVERY_MS) {
        lookedAt = now;
        if (isCurrent(consumer)) currentAt = now;
      }
      for (String line = questions.poll(); line != null; line = questions.poll()) {
        System.out.println(JSON.writeValueAsString(answer(line, now - currentAt < CURRENT_FOR_MS)));
      }
    }
  }

  /** Whether we have read all that was there a moment ago. Kafka away: no longer, soon. */
  private static boolean isCurrent(KafkaConsumer<byte[], byte[]> consumer) {
    try {
      Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment(), Duration.ofSeconds(2));
      return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey(), Duration.ofSeconds(2)) >= end.getValue());
    } catch (KafkaException away) {
      return false;
    }
  }

  /** Not known to be current is not allowed: unknown. */
  private JsonNode answer(String line, boolean current) {
    ObjectNode answer = JSON.createObjectNode().put("current", current);
    if (!line.equals("all")) return answer.put("status", current ? statusOf(canonical(line)) : "unknown");
    ObjectNode numbers = answer.putObject("numbers");
    holders.keySet().forEach(number -> numbers.put(number, current ? statusOf(number) : "unknown"));
    return answer;
  }

  public static void main(String[] args) throws Exception {
    ConcurrentLinkedQueue<String> questions = new ConcurrentLinkedQueue<>();
    Thread reader = new Thread(() -> new BufferedReader(new InputStreamReader(System.in)).lines().forEach(questions::add));
    reader.setDaemon(true);
    reader.start();
    Properties settings = new Properties();
    settings.put("bootstrap.servers", BROKERS);
    settings.put("enable.auto.commit", "false");
    // All partitions by hand, no group, and nothing committed: the table is in memory, so each start reads from the beginning.
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(consumer.partitionsFor(TOPIC).stream().map(one -> new TopicPartition(TOPIC, one.partition())).toList());
      consumer.seekToBeginning(consumer.assignment());
      new BlockedNumbers().follow(consumer, questions);
    }
  }

  private static String env(String name, String otherwise) {
    return Optional.ofNullable(System.getenv(name)).orElse(otherwise);
  }
}
