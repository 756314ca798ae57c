package import Model

/// A value whose fields and methods templates may use: a struct of Go, or a named map or list with methods.
package protocol TemplateObject: Sendable {
  /// Go's name of the type, for error texts: `template.Alert`.
  var typeName: String { get }
  /// The fields in the order in which Go prints them; none of a map or list.
  var fields: [(name: String, value: TemplateValue)] { get }
  /// The fields under the names that they have in JSON.
  var encodedFields: [(name: String, value: TemplateValue)] { get }
  /// One field; `nil` when there is none of that name.
  func field(_ name: String) -> TemplateValue?
  /// The method of that name, bound to this value.
  func method(_ name: String) -> TemplateMethod?
  /// The map, list or text that this is, its methods aside; `nil` for a struct.
  var underlying: TemplateValue? { get }
  /// What its method `String` gives; `nil` without one.
  var text: String? { get }
}

extension TemplateObject {
  package var fields: [(name: String, value: TemplateValue)] { [] }
  package var encodedFields: [(name: String, value: TemplateValue)] { fields }
  package func field(_ name: String) -> TemplateValue? { fields.first { $0.name == name }?.value }
  package func method(_ name: String) -> TemplateMethod? { nil }
  package var underlying: TemplateValue? { nil }
  package var text: String? { nil }
}

/// A method with the value it belongs to.
package struct TemplateMethod: Sendable {
  let signature: TemplateSignature
  let body: @Sendable ([TemplateValue]) throws(TemplateCallError) -> TemplateValue

  /// `signature` says which arguments `body` gets, checked.
  package init(
    _ signature: TemplateSignature = TemplateSignature(),
    _ body: @escaping @Sendable ([TemplateValue]) throws(TemplateCallError) -> TemplateValue
  ) {
    self.signature = signature
    self.body = body
  }
}

/// One element of an instant vector, as templates see it.
package struct TemplateSample: TemplateObject, Hashable {
  package var labels: Labels
  package var value: Double

  package init(_ labels: Labels, _ value: Double) {
    self.labels = labels
    self.value = value
  }

  package var typeName: String { "*template.sample" }

  package var fields: [(name: String, value: TemplateValue)] {
    [("Labels", .labels(labels)), ("Value", .float(value))]
  }
}

/// What a query asked from within a template gave.
package enum TemplateAnswer: Hashable, Sendable {
  /// In the order of the engine; a scalar is one sample without labels.
  case samples([TemplateSample])
  /// Why there is no answer: the template's error.
  case failed(String)
}
