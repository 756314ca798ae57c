import Diagnostics
import Model
import YAML

extension ChannelMaker {
  mutating func webhook(_ work: inout IntegrationWork) -> [SpecField]? {
    var fields: [SpecField] = []
    reader.checkFiles(work.fields.section, ["url"])
    if let value = work.fields.take("url"), let text = value.text {
      if text.isTemplate {
        work.missing = "its address is a template"
        return nil
      }
      guard text.hasPrefix("http://") || text.hasPrefix("https://") else {
        reader.error("malformed-url", "'url' is no http address", at: value.place, fix: "write http:// or https://")
        return nil
      }
      if text.isOpenAddress {
        fields.append(SpecField("url", text))
      } else {
        let name = secrets.name(
          .value(text), "url", of: work.channel, what: "the value of 'url'", place: reader.place(value.place))
        fields.append(SpecField("url", secret: name))
      }
      _ = work.fields.take("url_file")
    } else if let url = secret(&work, "url", global: nil, word: "url") {
      fields.append(SpecField("url", secret: url.name))
    } else {
      return nil
    }
    if let most = work.fields.take("max_alerts")?.node, most.text != "0" {
      fields.append(SpecField("max_alerts", SpecValue(copying: most)))
    }
    if let payload = work.fields.take("payload") {
      reader.error(
        .notCarried, "'payload' is not carried over: the channel sends Alertmanager's usual document",
        at: payload.place,
        fix: "write 'body' in the channel '\(work.channel)', the template of a JSON text")
    }
    return fields + http(&work) + timeout(&work)
  }

  /// `timeout`, where it isn't Alertmanager's 0 for none.
  mutating func timeout(_ work: inout IntegrationWork) -> [SpecField] {
    guard let value = work.fields.take("timeout"), let text = reader.duration(value.node) else { return [] }
    return (try? Duration(prometheus: text)) == .zero ? [] : [SpecField("timeout", text)]
  }

  mutating func pagerduty(_ work: inout IntegrationWork) -> [SpecField]? {
    let old = work.fields.section["service_key"] ?? work.fields.section["service_key_file"]
    let isOld =
      old != nil && work.fields.section["routing_key"]?.text ?? "" == ""
      && work.fields.section["routing_key_file"] == nil
    if isOld {
      reader.error(
        .worksOtherwise, "'service_key' is of PagerDuty's Events API v1, and Belfry speaks v2",
        at: work.fields.section.place(of: "service_key"),
        fix: "add an integration 'Events API v2' to the service and put its key into the secret")
    }
    guard let key = secret(&work, isOld ? "service_key" : "routing_key", global: nil, word: "key") else { return nil }
    var fields = [SpecField("routing_key", secret: key.name)]
    if let url = (work.fields.take("url") ?? global.take("pagerduty_url"))?.text {
      fields.append(contentsOf: isOld ? [] : [SpecField("api_url", url)])
    }
    if let details = work.fields.take("details") {
      let plain = (details.node.entries ?? []).filter {
        !($0.value.text ?? "").isTemplate && $0.value.text != nil && !$0.name.looksLikeCredential
      }
      if plain.count < details.node.entries?.count ?? 0 {
        reader.warning(
          .notCarried,
          "templates and credentials in 'details' are not carried over; the message has the alerts' labels",
          at: details.place)
      }
      if !plain.isEmpty {
        fields.append(
          SpecField("details", .map(plain.map { SpecField($0.name, .text($0.value.text ?? "")) })))
      }
    }
    template(&work, "description", as: "title")
    return fields + http(&work, logins: false) + timeout(&work)
  }

  mutating func opsgenie(_ work: inout IntegrationWork) -> [SpecField]? {
    guard let key = secret(&work, "api_key", global: "opsgenie_api_key", word: "key") else { return nil }
    var fields = [SpecField("api_key", secret: key.name)]
    if let url = (work.fields.take("api_url") ?? global.take("opsgenie_api_url"))?.text {
      fields.append(SpecField("api_url", url.hasSuffix("/") ? String(url.dropLast()) : url))
    }
    if let responders = work.fields.take("responders") { fields += self.responders(responders) }
    if let text = plain(&work, "tags") {
      let tags = text.split(separator: ",").map { String($0).trimmed }.filter { !$0.isEmpty }
      fields.append(SpecField("tags", .list(tags.map(SpecValue.text))))
    }
    if reader.boolean(work.fields.take("update_alerts")?.node) ?? false {
      fields.append(SpecField("update_alerts", true))
    }
    template(&work, "message", as: "title")
    template(&work, "description", as: "text")
    return fields + http(&work, logins: false)
  }

  private mutating func responders(_ value: YAMLValue) -> [SpecField] {
    var items: [SpecValue] = []
    for node in reader.items(value.node, "responders") {
      let section = reader.section(node, "a responder", ["id", "name", "username", "type"])
      let given = section.entries.filter { $0.value.text.map { !$0.isEmpty } ?? false }
      let type = section["type"]?.text?.lowercased() ?? "team"
      let key = given.first { $0.name != "type" }
      guard let key, let text = key.value.text, !text.isTemplate, !type.isTemplate, type != "teams" else {
        reader.error(
          .notCarried, "a responder that is a template, or a list of teams, is not carried over", at: node.range,
          fix: "write it as {type: team, name: …}")
        continue
      }
      let name = key.name == "name" && type == "user" ? "username" : key.name
      items.append(.map([SpecField("type", type), SpecField(name, text)]))
    }
    return items.isEmpty ? [] : [SpecField("responders", .list(items))]
  }
}

extension Substring {
  /// Letters and hyphens, or so short that it can't be a credential.
  fileprivate var isWord: Bool {
    utf8.count <= 4 || utf8.allSatisfy { $0.isLetter || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
  }
}

extension String {
  /// Without blanks at both ends.
  var trimmed: String {
    let start = drop { $0.isWhitespace }
    return String(start.reversed().drop { $0.isWhitespace }.reversed())
  }

  /// Whether an address can stand in a spec that everybody reads: on this machine or an inner name, with neither login
  /// nor query, and no part of its path long enough to be a credential.
  var isOpenAddress: Bool {
    guard let scheme = firstRange(of: "://") else { return false }
    let rest = self[scheme...]
    guard !rest.contains("@"), !rest.contains("?"), !rest.contains("#") else { return false }
    let parts = rest.split(separator: "/")
    guard let authority = parts.first else { return false }
    let host = authority.hasPrefix("[") ? Substring("::") : authority.prefix { $0 != ":" }
    let isNear =
      !host.contains(".") || host.hasPrefix("127.") || host.hasPrefix("10.") || host.hasPrefix("192.168.")
      || [".svc", ".local", ".internal", ".localhost"].contains { host.hasSuffix($0) }
    return parts.count == 1 || isNear && parts.dropFirst().allSatisfy { $0.count <= 20 && $0.isWord }
  }

  /// What follows the first occurrence of `text`.
  private func firstRange(of text: String) -> String.Index? {
    var index = startIndex
    while index < endIndex {
      if self[index...].hasPrefix(text) { return self.index(index, offsetBy: text.count) }
      index = self.index(after: index)
    }
    return nil
  }
}
