import Diagnostics
import Model
import YAML

extension FeishuSpec {
  static let fieldNames = EndpointPool.fieldNames + ["format", "keyword"]

  private static let names = FieldNames(robot: "feishu", fieldNames, formats: Format.self)

  init?(_ node: YAMLNode, _ reading: inout Reading) {
    guard let fields = Fields(node, Self.names, &reading),
      let pool = EndpointPool(fields, &reading, addressIsSecret: true)
    else { return nil }
    self.init(pool: pool)
    if let format = fields["format"].flatMap({ reading.choice($0, Format.self, "a format of feishu") }) {
      self.format = format
    }
    keyword = fields["keyword"].flatMap { reading.word($0, "one of the robot's keywords") }
  }
}
