import Diagnostics
import Model
import YAML

extension NtfySpec {
  static let fieldNames = EndpointPool.unsignedFieldNames + ["topic", "tags"]

  private static let names: FieldNames = {
    var names = FieldNames("ntfy", fieldNames)
    names.answers = EndpointPool.chatAnswers("ntfy")
    names.answers["api_url"] = "write 'url' with the server's address"
    names.answers["webhook_url"] = "write 'url' with the server's address, and 'topic'"
    names.answers["priority"] = "remove it: the priority follows the severity"
    names.answers["click"] = "remove it: a tap opens the alerts"
    names.answers["markdown"] = "remove it: messages are plain text"
    return names
  }()

  init?(_ node: YAMLNode, _ reading: inout Reading) {
    guard let fields = Fields(node, Self.names, &reading) else { return nil }
    let pool = EndpointPool(unsigned: fields, &reading, addressIsSecret: false)
    let topic = fields.required("topic", &reading).flatMap { Self.topic($0, &reading) }
    if let node = fields["url"] { Self.checkRoot(node, &reading) }
    guard let pool, let topic else { return nil }
    self.init(pool: pool, topic: topic)
    tags = fields["tags"].map { Self.tags($0, &reading) } ?? []
  }

  /// Up to 64 letters, digits, hyphens and underscores, which is what ntfy's server takes.
  static func isTopic(_ text: String) -> Bool {
    1...64 ~= text.utf8.count
      && text.utf8.allSatisfy {
        switch $0 {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
          true
        default: false
        }
      }
  }

  private static func topic(_ node: YAMLNode, _ reading: inout Reading) -> SecretOr? {
    if node.entries != nil { return reading.secret(node, "a topic").map(SecretOr.secret) }
    guard let text = reading.word(node, "a topic or {secret: …}") else { return nil }
    guard isTopic(text) else {
      reading.error(
        .malformedName, "'\(Wording.short(text))' can't be a topic of ntfy", at: node.range,
        fix: "use up to 64 letters, digits, hyphens and underscores")
      return nil
    }
    return .plain(text)
  }

  /// Messages are published as JSON, which ntfy takes at the root of its server alone.
  private static func checkRoot(_ node: YAMLNode, _ reading: inout Reading) {
    guard let text = node.text, let scheme = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return }
    let rest = text[scheme...].dropFirst(3)
    guard let slash = rest.firstIndex(where: { $0 == "/" || $0 == "?" || $0 == "#" }), rest[slash...] != "/" else {
      return
    }
    reading.error(
      .malformedURL, "ntfy's address has no path: the topic stands in 'topic'", at: node.range,
      fix: "write url: '\(redactedURL(String(text[..<slash])))'")
  }

  private static func tags(_ node: YAMLNode, _ reading: inout Reading) -> [String] {
    reading.words(node, "tags").compactMap { tag in
      guard !tag.value.unicodeScalars.contains(where: { $0.value <= 0x20 || $0.value == 0x7f || $0 == "," }) else {
        reading.error(
          .malformedName, "'\(Wording.short(tag.value))' can't be a tag of ntfy", at: tag.range,
          fix: "write one word, without commas")
        return nil
      }
      return tag.value
    }
  }
}
