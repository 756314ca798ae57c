import Diagnostics
import Model
import YAML

extension SMSSpec {
  static let fieldNames = ["to", "twilio", "aliyun", "max_parts", "timeout", "tls_config", "proxy_url"]

  private static let names: FieldNames = {
    var names = FieldNames("sms", fieldNames)
    names.answers = [
      "send_resolved": "write it beside 'sms'", "provider": "name it by its field: twilio: {…} or aliyun: {…}",
      "url": "write api_url under 'twilio' or 'aliyun'", "from": "write it under 'twilio'",
    ]
    return names
  }()

  init?(_ node: YAMLNode, _ reading: inout Reading) {
    guard let fields = Fields(node, Self.names, &reading) else { return nil }
    let to = fields.required("to", &reading, fix: "add to: ['+8613800000000']").map { Self.numbers($0, &reading) }
    guard let provider = Self.provider(fields, &reading), let to, !to.isEmpty else { return nil }
    self.init(provider: provider, to: to)
    if let parts = fields["max_parts"].flatMap({ reading.integer($0, in: 1...10) }) { maxParts = parts }
    if case .aliyun = provider, fields["max_parts"] != nil {
      reading.warning(
        .noEffect, "'max_parts' does nothing for Aliyun, whose template decides the length",
        at: fields.place(of: "max_parts"), fix: "remove it; 'param_length' limits each variable")
    }
    http = HTTPSettings(fields, &reading)
    timeout = fields["timeout"].flatMap { reading.duration($0, allowsZero: false) } ?? .seconds(10)
  }

  private static func numbers(_ node: YAMLNode, _ reading: inout Reading) -> [String] {
    let words = reading.words(node, "phone numbers")
    if node.items?.isEmpty ?? false {
      reading.error(.missingField, "'to' names nobody", at: node.range, fix: "add a number such as '+8613800000000'")
    }
    if words.count > 100 {
      reading.error(
        .outOfRange, "\(words.count) numbers stand in one channel; 1 to 100 are accepted", at: node.range,
        fix: "write several channels")
    }
    return words.compactMap { word in
      if isNumber(word.value) { return word.value }
      reading.error(
        .malformedAddress, "'\(Wording.short(word.value))' is not a phone number in E.164 form", at: word.range,
        fix: "write + and country code, digits only, in quotes, such as '+8613800000000'")
      return nil
    }
  }

  /// `+`, then 7 to 15 digits, the first of them not 0 (ITU-T E.164).
  private static func isNumber(_ text: String) -> Bool {
    let digits = text.utf8.dropFirst()
    return text.utf8.first == UInt8(ascii: "+") && (7...15).contains(digits.count)
      && digits.first != UInt8(ascii: "0") && digits.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
  }

  private static func provider(_ fields: Fields, _ reading: inout Reading) -> Provider? {
    switch (fields["twilio"], fields["aliyun"]) {
    case (nil, nil):
      reading.error(
        .missingField, "sms needs its provider", at: fields.range.firstLineStart, fix: "add twilio: {…} or aliyun: {…}")
      return nil
    case (_?, _?):
      reading.error(
        .conflictingFields, "'aliyun' stands beside 'twilio'", at: fields.place(of: "aliyun"),
        fix: "keep one; write one Channel for each")
      return nil
    case (let node?, nil): return Twilio(node, &reading).map(Provider.twilio)
    case (nil, let node?): return Aliyun(node, &reading).map(Provider.aliyun)
    }
  }
}

extension SMSSpec.Twilio {
  private static let names = FieldNames(
    "twilio",
    ["account_sid", "auth_token", "api_key", "api_secret", "from", "messaging_service_sid", "api_url"])

  fileprivate init?(_ node: YAMLNode, _ reading: inout Reading) {
    guard let fields = Fields(node, Self.names, &reading) else { return nil }
    let account = fields.required("account_sid", &reading).flatMap { Self.id($0, "AC", &reading) }
    let credentials = Self.credentials(fields, &reading)
    let sender = Self.sender(fields, &reading)
    guard let account, let credentials, let sender else { return nil }
    self.init(
      accountSID: account, username: credentials.key ?? account, password: credentials.secret, sender: sender)
    if let url = fields["api_url"].flatMap({ reading.apiAddress($0) }) { apiURL = url }
  }

  /// `AC…`: two letters, then letters and digits.
  private static func id(_ node: YAMLNode, _ prefix: String, _ reading: inout Reading) -> String? {
    guard let text = reading.word(node, "an id of Twilio's") else { return nil }
    let isClean = text.utf8.allSatisfy { byte in
      UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
    }
    if isClean, text.hasPrefix(prefix), text.utf8.count > 2 { return text }
    reading.error(
      .malformedName, "'\(Wording.short(text))' is not an id that begins with \(prefix)", at: node.range,
      fix: "copy it from Twilio's console: \(prefix) and 32 digits")
    return nil
  }

  /// The account's own token, or an API key with its secret.
  private static func credentials(
    _ fields: Fields, _ reading: inout Reading
  ) -> (key: String?, secret: String)? {
    guard let node = fields["api_key"] else {
      if fields["api_secret"] != nil {
        reading.error(
          .missingField, "'api_secret' needs 'api_key'", at: fields.place(of: "api_secret"), fix: "add api_key: SK…")
        return nil
      }
      let token = fields.required("auth_token", &reading, fix: "add auth_token: {secret: <name>}")
      return token.flatMap { reading.secret($0, "a token") }.map { (nil, $0) }
    }
    if fields["auth_token"] != nil {
      reading.error(
        .conflictingFields, "'api_key' stands beside 'auth_token'", at: fields.place(of: "api_key"), fix: "keep one")
    }
    let secret = fields.required("api_secret", &reading, fix: "add api_secret: {secret: <name>}")
    guard let key = id(node, "SK", &reading), let secret = secret.flatMap({ reading.secret($0, "a key") }) else {
      return nil
    }
    return (key, secret)
  }

  private static func sender(_ fields: Fields, _ reading: inout Reading) -> Sender? {
    if let node = fields["messaging_service_sid"] {
      if fields["from"] != nil {
        reading.error(
          .conflictingFields, "'messaging_service_sid' stands beside 'from'",
          at: fields.place(of: "messaging_service_sid"), fix: "keep one")
      }
      return id(node, "MG", &reading).map(Sender.messagingService)
    }
    let fix = "add from: '+15005550006', or messaging_service_sid"
    return fields.required("from", &reading, fix: fix).flatMap { reading.word($0, "a number or name") }.map(Sender.from)
  }
}

extension SMSSpec.Aliyun {
  private static let names: FieldNames = {
    var names = FieldNames(
      "aliyun",
      [
        "access_key_id", "access_key_secret", "sign_name", "template_code", "template_params", "param_length",
        "region", "api_url",
      ])
    names.answers = ["endpoint": "write api_url: https://…", "region_id": "write 'region'"]
    return names
  }()

  fileprivate init?(_ node: YAMLNode, _ reading: inout Reading) {
    guard let fields = Fields(node, Self.names, &reading) else { return nil }
    let id = fields.required("access_key_id", &reading, fix: "add access_key_id: {secret: <name>}")
    let secret = fields.required("access_key_secret", &reading, fix: "add access_key_secret: {secret: <name>}")
    let signName = fields.required("sign_name", &reading).flatMap { reading.word($0, "an approved signature") }
    let code = fields.required("template_code", &reading, fix: "add template_code: SMS_…")
    guard let id = id.flatMap({ reading.secret($0, "a key's id") }),
      let secret = secret.flatMap({ reading.secret($0, "a key") }), let signName,
      let code = code.flatMap({ reading.word($0, "a template's code") })
    else { return nil }
    self.init(
      accessKeyID: id, accessKeySecret: secret, signName: Self.bare(signName), templateCode: code)
    if let node = fields["template_params"] { parameters = Self.parameters(node, &reading) }
    if let limit = fields["param_length"].flatMap({ reading.integer($0, in: 5...1000) }) { parameterLimit = limit }
    regionID = fields["region"].flatMap { reading.word($0, "a region") }
    if let url = fields["api_url"].flatMap({ reading.apiAddress($0) }) { apiURL = url }
  }

  /// Without the brackets that a signature has in a message.
  private static func bare(_ name: String) -> String {
    guard name.hasPrefix("【"), name.hasSuffix("】"), name.count > 2 else { return name }
    return String(name.dropFirst().dropLast())
  }

  private static func parameters(_ node: YAMLNode, _ reading: inout Reading) -> [SMSSpec.Parameter] {
    reading.pairs(node, "variables of the template").compactMap { pair in
      reading.choice(pair.value, SMSSpec.Part.self, "a part of a message").map { SMSSpec.Parameter(pair.name, $0) }
    }
  }
}

extension Reading {
  /// The base of an API's address, without a slash at its end.
  fileprivate mutating func apiAddress(_ node: YAMLNode) -> String? {
    guard var text = plainAddress(node) else { return nil }
    while text.hasSuffix("/") { text.removeLast() }
    if let parts = try? WebAddress(text), parts.scheme == "http", !parts.isLoopback {
      error(
        .credentialsWithoutTLS, "the login would go to '\(Wording.short(parts.host))' in clear text", at: node.range,
        fix: "write https://")
    }
    return text
  }
}
