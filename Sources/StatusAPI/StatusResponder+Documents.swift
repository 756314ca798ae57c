import JSON
import Model

/// What is answered from what is live.
extension StatusResponder {
  func status(_ reading: Reading) async throws(APIError) -> [UInt8] {
    await source.status(for: reading.reader).limited(to: reading.reader).json
  }

  func tenants(_ reading: Reading) async throws(APIError) -> [UInt8] {
    let tenants = await source.tenants(for: reading.reader).filter { reading.reader.allows($0.scope) }
    var writer = JSONWriter(capacity: 4096)
    writer.object {
      $0.views("items", tenants)
    }
    return writer.bytes
  }

  func scope(_ scope: Scope, _ reading: Reading) async throws(APIError) -> [UInt8] {
    guard reading.reader.allows(scope), let view = await source.scope(scope, for: reading.reader) else {
      throw missing(scope)
    }
    return view.json
  }

  func missing(_ scope: Scope) -> APIError {
    switch scope {
    case .platform: .notFound("there is no platform to see")
    case .tenant(let tenant): .notFound("no tenant is named '\(tenant)'")
    case .project(let tenant, let project): .notFound("no project is named '\(project)' in a tenant '\(tenant)'")
    }
  }

  func resources(_ reading: Reading) async throws(APIError) -> [UInt8] {
    let parameters = reading.parameters
    let filter = ResourceFilter(scope: try parameters.scope(), kind: try parameters.word("kind"))
    let page = await source.resources(filter, try parameters.page(), for: reading.reader)
    return list(page, key: \.record.id, scope: \.record.id.scope, reading) { $0.write(to: &$1) }
  }

  func resource(_ reading: Reading) async throws(APIError) -> [UInt8] {
    guard let text = reading.parameters.text("id") else {
      throw .badRequest("'id' is missing; give an id that /api/v1/resources lists")
    }
    guard let id = ResourceID(opaque: text) else {
      throw .badRequest("'id' is '\(text)'; accepted: an id as /api/v1/resources lists it, unchanged")
    }
    guard reading.reader.allows(id.scope), let view = await source.resource(id, for: reading.reader) else {
      throw .notFound("no such resource is live")
    }
    return view.json
  }

  func alerts(_ reading: Reading) async throws(APIError) -> [UInt8] {
    let parameters = reading.parameters
    let filter = AlertFilter(
      states: try parameters.liveStates(), scope: try parameters.scope(), matchers: try parameters.matchers()
    )
    let page = await source.alerts(filter, try parameters.page(), for: reading.reader)
    return list(page, key: { AlertKey($0.alert) }, scope: \.alert.scope, reading) { $0.write(to: &$1) }
  }

  func groups(_ reading: Reading) async throws(APIError) -> [UInt8] {
    let request: PageRequest<GroupKey> = try reading.parameters.page()
    let page = await source.groups(of: reading.parameters.text("tenant"), request, for: reading.reader)
    return list(page, key: \.id, scope: \.id.owner, reading) { $0.write(to: &$1) }
  }

  func silences(_ reading: Reading) async throws(APIError) -> [UInt8] {
    let request: PageRequest<ResourceID> = try reading.parameters.page()
    let page = await source.silences(try reading.parameters.scope(), request, for: reading.reader)
    return list(page, key: \.resource, scope: \.scope, reading) { $0.write(to: &$1) }
  }

  /// A page as `items` and `next`. What the source gave beyond the reader's sight is left out.
  func list<Element, Key: OpaqueKey>(
    _ page: Page<Element>, key: (Element) -> Key, scope: (Element) -> Scope, _ reading: Reading,
    write: (Element, inout JSONWriter) -> Void
  ) -> [UInt8] {
    var writer = JSONWriter(capacity: 4096)
    writer.object {
      $0.array("items", page.elements.filter { reading.reader.allows(scope($0)) }, write)
      $0.optional(
        "next", page.hasMore ? page.lastExamined?.opaqueText ?? page.elements.last.map { key($0).opaqueText } : nil)
    }
    return writer.bytes
  }
}
