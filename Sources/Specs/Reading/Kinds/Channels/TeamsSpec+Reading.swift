import Diagnostics
import Model
import YAML

extension TeamsSpec {
  static let fieldNames = EndpointPool.unsignedFieldNames

  private static let names: FieldNames = {
    var names = FieldNames("teams", fieldNames)
    names.answers = EndpointPool.chatAnswers("teams")
    names.answers["api_url"] = "write url: {secret: <name>}"
    names.answers["summary"] = "write template: {title: …} beside 'teams'"
    return names
  }()

  init?(_ node: YAMLNode, _ reading: inout Reading) {
    guard let fields = Fields(node, Self.names, &reading),
      let pool = EndpointPool(unsigned: fields, &reading, addressIsSecret: true)
    else { return nil }
    self.init(pool: pool)
  }
}
