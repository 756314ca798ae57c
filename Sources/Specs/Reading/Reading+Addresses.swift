import Diagnostics
import Model
import Patterns
import YAML

extension Reading {
  /// `{secret: name}`; a text in its place is refused, since specs are read by everybody.
  mutating func secret(_ node: YAMLNode, _ what: String) -> String? {
    if node.text != nil {
      error(
        .secretInSpec, "\(what) stands in the spec as text", at: node.range,
        fix: "write {secret: <name>} and give the controller the secret")
      return nil
    }
    guard let fields = Fields(node, Self.secretFields, &self),
      let name = fields.required("secret", &self).flatMap({ word($0, "the name of a secret") })
    else { return nil }
    return checkedSecretName(name, at: fields["secret"]?.range ?? node.range)
  }

  private static let secretFields = FieldNames("a secret", ["secret"])

  private mutating func checkedSecretName(_ name: String, at range: SourceRange) -> String? {
    guard Names.isSecret(name) else {
      error(
        .malformedName, "'\(Wording.short(name))' can't be the name of a secret", at: range,
        fix: "use letters, digits, hyphens and underscores; a path or a dot is not accepted")
      return nil
    }
    return name
  }

  /// The URL of a web address, written there or the name of a secret that holds it.
  mutating func addressOrSecret(_ node: YAMLNode) -> SecretOr? {
    if node.entries != nil { return secret(node, "a URL").map(SecretOr.secret) }
    guard let text = word(node, "a URL or {secret: …}") else { return nil }
    return address(text, at: node.range).map { _ in .plain(text) }
  }

  /// A URL that is written in the spec.
  mutating func plainAddress(_ node: YAMLNode) -> String? {
    guard let text = word(node, "a URL") else { return nil }
    return address(text, at: node.range).map { _ in text }
  }

  private mutating func address(_ text: String, at range: SourceRange) -> WebAddress? {
    let address: WebAddress
    do {
      address = try WebAddress(text)
    } catch {
      report(error, text, at: range)
      return nil
    }
    if address.hasPassword, !address.isLoopback {
      error(
        .secretInSpec, "the URL carries a password", at: range,
        fix: "use basic_auth, or write url: {secret: <name>}")
      return nil
    }
    return address
  }

  private mutating func report(_ problem: WebAddress.Problem, _ text: String, at range: SourceRange) {
    let shown = Wording.short(redactedURL(text))
    let (why, fix) =
      switch problem {
      case .scheme:
        ("'\(shown)' does not begin with http:// or https://", "write the whole URL, such as 'https://\(shown)'")
      case .host: ("'\(shown)' names no host", "write the whole URL, such as 'https://example.com/hook'")
      case .port: ("'\(shown)' has no usable port", "a port is a number from 1 to 65535")
      case .blank: ("'\(shown)' holds a blank or a control character", "write them as %20 and so on")
      }
    error(.malformedURL, why, at: range, fix: fix)
  }

  /// A mail address without a display name.
  mutating func mailAddress(_ node: YAMLNode) -> String? {
    guard let text = word(node, "a mail address") else { return nil }
    return mailAddress(text, at: node.range)
  }

  /// A mail address without a display name.
  mutating func mailAddress(_ text: String, at range: SourceRange) -> String? {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    let marks = Set("<>(),;:\\\"[]".utf8)
    let isClean = text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7f && !marks.contains($0) }
    guard parts.count == 2, isClean, parts.allSatisfy({ !$0.isEmpty }) else {
      error(
        .malformedAddress, "'\(Wording.short(text))' is not a mail address", at: range,
        fix: "write the address alone, such as ana@example.com")
      return nil
    }
    return text
  }

  /// `host:port` of a mail server.
  mutating func hostAndPort(_ node: YAMLNode) -> (host: String, port: Int)? {
    guard let text = word(node, "host:port") else { return nil }
    do {
      let address = try WebAddress("https://" + text)
      if let port = address.port, !text.contains("/"), !text.contains("@") { return (address.host, port) }
    } catch {}
    error(
      .malformedAddress, "'\(Wording.short(text))' is not a host and a port", at: node.range,
      fix: "write both, such as 'smtp.example.com:587'")
    return nil
  }

  /// Names and texts of HTTP or mail headers, in the order written.
  mutating func headers(_ node: YAMLNode) -> [Label] {
    var headers: [Label] = []
    for entry in pairs(node, "headers") {
      guard let value = text(entry.value, "the text of a header") else { continue }
      let isToken = entry.name.utf8.allSatisfy { 0x21...0x7e ~= $0 && $0 != UInt8(ascii: ":") }
      guard isToken, value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
        error(
          .wrongType, "the header '\(Wording.short(entry.name))' holds a character that headers can't have",
          at: entry.key.range, fix: "write it in one line of printable characters")
        continue
      }
      headers.append(Label(entry.name, value))
    }
    return headers
  }

  /// Matchers as a list of Alertmanager's texts, as one such text, or as a mapping for plain equality.
  mutating func matchers(_ node: YAMLNode) -> [Matcher] {
    if let entries = node.entries {
      return entries.compactMap { entry in
        text(entry.value, "the value of a label").map { Matcher(entry.name, equals: $0) }
      }
    }
    if node.text != nil { return matcherList(node) }
    return items(node, "matchers").flatMap { item -> [Matcher] in
      if item.entries != nil { return matchers(item) }
      return matcherList(item)
    }
  }

  private mutating func matcherList(_ node: YAMLNode) -> [Matcher] {
    guard let text = word(node, "a matcher such as severity=\"critical\"") else { return [] }
    do {
      let list = try MatcherList(parsing: text)
      if list.isClassic {
        warning(
          .classicMatcher, "'\(Wording.short(text))' is read by Alertmanager's older syntax", at: node.range,
          fix: "write '\(list.matchers.map(\.description).joined(separator: ", "))'")
      }
      return list.matchers
    } catch {
      self.error(
        .malformedMatcher, "'\(Wording.short(text))': \(error.message)", at: place(of: error.offset, in: node),
        fix: error.isAboutPattern
          ? "write a pattern of RE2, which matches the whole value"
          : "write name, operator and quoted value, such as 'severity=\"critical\"'")
      return []
    }
  }

  /// Alertmanager's older `match` and `match_re`: equality, or anchored patterns.
  mutating func oldMatchers(_ fields: Fields, _ name: String, _ operation: Matcher.Operator, use: String) -> [Matcher] {
    guard let node = fields[name] else { return [] }
    warning(.deprecatedField, "'\(name)' is Alertmanager's older form", at: fields.place(of: name), fix: "use '\(use)'")
    return pairs(node, "label names and values").compactMap { oldMatcher($0, operation) }
  }

  private mutating func oldMatcher(_ entry: YAMLEntry, _ operation: Matcher.Operator) -> Matcher? {
    guard let value = text(entry.value, "the value of a label") else { return nil }
    do {
      return try Matcher(entry.name, operation, value)
    } catch {
      self.error(
        .malformedMatcher, "'\(Wording.short(value))' is not a pattern of RE2: \(error.message)", at: entry.value.range)
      return nil
    }
  }
}
