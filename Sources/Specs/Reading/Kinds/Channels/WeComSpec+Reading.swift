import Diagnostics
import Model
import YAML

extension WeComSpec {
  static let fieldNames = EndpointPool.fieldNames + ["format"]

  private static let names = FieldNames(robot: "wecom", fieldNames, formats: Format.self)

  init?(_ node: YAMLNode, _ reading: inout Reading) {
    guard let fields = Fields(node, Self.names, &reading),
      let pool = EndpointPool(fields, &reading, addressIsSecret: true)
    else { return nil }
    self.init(pool: pool)
    if let format = fields["format"].flatMap({ reading.choice($0, Format.self, "a format of wecom") }) {
      self.format = format
    }
    if pool.endpoints.contains(where: { $0.signingSecret != nil }) {
      reading.warning(
        .noEffect, "WeCom's robots take no signature, so 'secret' does nothing", at: fields.place(of: "secret"),
        fix: "remove 'secret'; the key is part of the URL")
    }
  }
}
