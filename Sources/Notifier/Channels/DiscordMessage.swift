import JSON
import Model
import Specs

/// A message as Discord shows it: whom it names as its content, the rest as an embed with a bar in the severity's
/// colour.
struct DiscordMessage {
  private let content: MessageContent
  private let spec: DiscordSpec
  private let description: String

  /// Discord takes 256 characters of title, 4,096 of description, and 6,000 in all embeds.
  private static let titleLimit = 256
  private static let descriptionLimit = 4096

  init(_ content: MessageContent, _ spec: DiscordSpec) {
    self.content = content
    self.spec = spec
    description = content.fitted(
      MessageContent.chatSteps, render: { $0.text(in: DiscordMarkup.self) },
      accept: { $0.utf16.count <= Self.descriptionLimit - 100 }
    ).cut(units: Self.descriptionLimit)
  }

  /// The body of a new message.
  var posting: [UInt8] {
    write { json in
      writeSender(to: &json)
      writeContent([names], to: &json)
      writeEmbed(to: &json)
    }
  }

  /// The body that changes a message to this one.
  var editing: [UInt8] {
    write { json in
      writeContent([names], to: &json)
      writeEmbed(to: &json)
    }
  }

  /// The body of a short message beside one that shows the present state.
  var note: [UInt8] {
    write { json in
      writeSender(to: &json)
      writeContent([DiscordMarkup.bold(content.title), DiscordMarkup.escaped(content.source), names], to: &json)
    }
  }

  private func write(_ members: (inout JSONWriter) -> Void) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    members(&json)
    writeAllowed(to: &json)
    json.endObject()
    return json.bytes
  }

  private func writeSender(to json: inout JSONWriter) {
    if let username = spec.username { json.member("username", username) }
    if let url = spec.avatarURL { json.member("avatar_url", url) }
  }

  private func writeContent(_ lines: [String], to json: inout JSONWriter) {
    json.member("content", lines.filter { !$0.isEmpty }.joined(separator: "\n").cut(units: 2000))
  }

  private func writeEmbed(to json: inout JSONWriter) {
    json.key("embeds")
    json.beginArray()
    json.beginObject()
    json.member("title", DiscordMarkup.escaped(content.title).cut(units: Self.titleLimit))
    if let url = content.links.first?.url.webLink { json.member("url", url) }
    json.member("description", description)
    json.member("color", Int(content.colour.dropFirst(), radix: 16) ?? 0)
    json.endObject()
    json.endArray()
  }

  // MARK: People

  /// `@here` and `@everyone`, people as `discord:80351110224678912`, roles as `discord:&165511591545143296`.
  private enum Name: Hashable {
    case user(String), role(String), everyone, here

    init?(_ mention: Mention) {
      switch mention {
      case .everyone, .id("discord", "everyone"): self = .everyone
      case .id("discord", "here"): self = .here
      case .id("discord", let id):
        let isRole = id.hasPrefix("&")
        let number = isRole ? String(id.dropFirst()) : id
        guard UInt64(number) != nil, !number.hasPrefix("+") else { return nil }
        self = isRole ? .role(number) : .user(number)
      default: return nil
      }
    }

    var markup: String {
      switch self {
      case .user(let id): "<@" + id + ">"
      case .role(let id): "<@&" + id + ">"
      case .everyone: "@everyone"
      case .here: "@here"
      }
    }
  }

  private var names: String {
    content.mentions.compactMap { Name($0)?.markup ?? $0.shown.map(DiscordMarkup.escaped) }.joined(separator: " ")
  }

  /// Nobody but those who are meant can be called, whatever the texts hold.
  private func writeAllowed(to json: inout JSONWriter) {
    let called = content.mentions.compactMap(Name.init)
    var users: [String] = []
    var roles: [String] = []
    var isForAll = false
    for name in called {
      switch name {
      case .user(let id): users.append(id)
      case .role(let id): roles.append(id)
      case .everyone, .here: isForAll = true
      }
    }
    json.key("allowed_mentions")
    json.beginObject()
    json.list("parse", isForAll ? ["everyone"] : [])
    json.list("users", users)
    json.list("roles", roles)
    json.endObject()
  }
}

extension JSONWriter {
  /// A key and a list of strings.
  fileprivate mutating func list(_ name: String, _ values: [String]) {
    key(name)
    beginArray()
    for value in values { string(value) }
    endArray()
  }
}
