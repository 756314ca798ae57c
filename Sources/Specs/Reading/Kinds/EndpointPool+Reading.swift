import Diagnostics
import Model
import YAML

extension EndpointPool {
  /// `url` and `secret` of one endpoint, or `endpoints` with several.
  static let fieldNames = ["url", "secret", "endpoints", "timeout"] + HTTPSettings.fieldNames
  static let answers = HTTPSettings.answers

  private static let endpointNames = FieldNames("an endpoint", ["url", "secret"])

  /// `addressIsSecret`: the address alone lets anybody post, as with chat robots, so that it is always by reference
  /// (loopback addresses aside).
  init?(_ fields: Fields, _ reading: inout Reading, addressIsSecret: Bool = false) {
    let http = HTTPSettings(fields, &reading)
    guard let endpoints = Self.endpoints(fields, &reading, addressIsSecret: addressIsSecret), !endpoints.isEmpty else {
      return nil
    }
    self.init(endpoints)
    self.http = http
    timeout = fields["timeout"].flatMap { reading.duration($0, allowsZero: false) } ?? .seconds(10)
  }

  private static func endpoints(
    _ fields: Fields, _ reading: inout Reading, addressIsSecret: Bool
  ) -> [ChannelEndpoint]? {
    guard let list = fields["endpoints"] else {
      let fix = "add url: {secret: <name>}, or 'endpoints' with several"
      return ChannelEndpoint(fields, &reading, addressIsSecret: addressIsSecret, fix: fix).map { [$0] }
    }
    for name in ["url", "secret"] where fields[name] != nil {
      reading.error(
        .conflictingFields, "'\(name)' stands beside 'endpoints'", at: fields.place(of: name),
        fix: "write it within 'endpoints', or leave 'endpoints' out")
    }
    let items = reading.items(list, "endpoints")
    if list.items?.isEmpty ?? false {
      reading.error(.missingField, "'endpoints' lists none", at: list.range, fix: "add - url: {secret: <name>}")
    }
    let endpoints = items.compactMap { item in
      Fields(item, endpointNames, &reading).flatMap {
        ChannelEndpoint($0, &reading, addressIsSecret: addressIsSecret)
      }
    }
    for (index, endpoint) in endpoints.enumerated()
    where endpoints[..<index].contains(where: { $0.url == endpoint.url }) {
      reading.error(
        .duplicateItem, "the same address stands in 'endpoints' twice", at: list.range,
        fix: "remove one: a quota counts for an address, however often it is listed")
    }
    return endpoints
  }
}

extension ChannelEndpoint {
  fileprivate init?(_ fields: Fields, _ reading: inout Reading, addressIsSecret: Bool, fix: String? = nil) {
    let node = fields.required("url", &reading, fix: fix)
    guard let url = node.flatMap({ addressIsSecret ? reading.secretAddress($0) : reading.addressOrSecret($0) }) else {
      return nil
    }
    self.init(url: url, signingSecret: fields["secret"].flatMap { reading.secret($0, "a signing key") })
  }
}

extension Reading {
  /// `{secret: name}` of a URL that carries the credential in itself; written out only where it is loopback.
  mutating func secretAddress(_ node: YAMLNode) -> SecretOr? {
    let address = addressOrSecret(node)
    guard case .plain(let text) = address else { return address }
    if let parts = try? WebAddress(text), parts.isLoopback { return address }
    error(
      .secretInSpec, "the URL is a credential: whoever reads it can post there", at: node.range,
      fix: "write url: {secret: <name>} and give the controller the secret")
    return nil
  }
}
