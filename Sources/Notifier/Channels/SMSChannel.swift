import Model
package import Specs

/// Text messages, one request for each number. A yes is that the carrier's gateway took it for at least one of them, and
/// that no other would get it if it were tried again.
package struct SMSChannel: Channel {
  private let spec: SMSSpec
  private let context: ChannelContext
  private let memory = SMSMemory()

  package init(_ spec: SMSSpec, context: ChannelContext) {
    self.spec = spec
    self.context = context
  }

  package func send(_ post: Post, through outlet: inout Outlet) async throws(DeliveryError) -> Receipt {
    let gateway = try gateway(for: SMSText(post, context.style))
    let mayWait = memory.hasTime(for: post, at: context.clock.now)
    var results = SMSResults(total: spec.to.count)
    for number in spec.to {
      var fate = memory.fate(of: post, for: number)
      if fate?.isSettled != true {
        fate = await gateway.fate(of: number, after: fate, through: &outlet)
      }
      guard let fate else { continue }
      memory.note(fate, of: post, for: number)
      results.add(fate, of: number)
      // The account is refused for all numbers alike.
      if case .failed(.unauthorised, _) = fate { break }
    }
    if let error = results.error(mayWait: mayWait) {
      if error.isFinal { memory.forget(post) }
      throw error
    }
    memory.forget(post)
    return results.receipt
  }

  private func gateway(for text: SMSText) throws(DeliveryError) -> any SMSGateway {
    switch spec.provider {
    case .twilio(let twilio): try TwilioGateway(twilio, text.text(parts: spec.maxParts), spec, context)
    case .aliyun(let aliyun): try AliyunGateway(aliyun, text, spec, context)
    }
  }
}

/// Who carries text messages.
protocol SMSGateway: Sendable {
  /// Sends the text to one number; gives the gateway's id of it.
  func send(to number: String, through outlet: inout Outlet) async throws(DeliveryError) -> String
}

extension SMSGateway {
  /// `known`: what became of it when it was tried before.
  fileprivate func fate(of number: String, after known: SMSFate?, through outlet: inout Outlet) async -> SMSFate {
    do throws(DeliveryError) {
      return .taken(id: try await send(to: number, through: &outlet))
    } catch {
      return SMSFate(error, after: known)
    }
  }
}

/// What became of one message for several numbers.
private struct SMSResults {
  let total: Int
  private var ids: [String] = []
  private var failures: [(number: String, error: DeliveryError, isSettled: Bool)] = []

  init(total: Int) {
    self.total = total
  }

  mutating func add(_ fate: SMSFate, of number: String) {
    switch fate {
    case .taken(let id): ids.append(id)
    case .failed(let error, let isSettled): failures.append((number.maskedNumber, error, isSettled))
    }
  }

  /// Why it is to be tried again, or can't be; `nil` where it is done: some number has it, and no other may yet get it.
  func error(mayWait: Bool) -> DeliveryError? {
    let passing = failures.filter { !$0.isSettled && !$0.error.isFinal }
    if !ids.isEmpty, passing.isEmpty || !mayWait { return nil }
    let told = ids.isEmpty ? words : head + "; " + words
    let worst = (passing.isEmpty ? failures : passing).min { Self.rank($0.error) < Self.rank($1.error) }
    return worst?.error.rewording { _ in told } ?? .rejected("no number to send to")
  }

  var receipt: Receipt {
    let told = ids.filter { !$0.isEmpty }.joined(separator: ", ")
    return Receipt(detail: head + (told.isEmpty ? "" : " as " + told) + (failures.isEmpty ? "" : "; " + words))
  }

  private var head: String { total == 1 ? "accepted" : "accepted for \(ids.count) of \(total) numbers" }

  /// A refused account is no number's matter.
  private var words: String {
    failures.map { failure in
      if case .unauthorised(let text) = failure.error { return text }
      return failure.number + ": " + failure.error.description
    }.joined(separator: "; ")
  }

  private static func rank(_ error: DeliveryError) -> Int {
    switch error {
    case .unauthorised: 0
    case .throttled: 1
    case .unreachable: 2
    case .ambiguous: 3
    case .rejected: 4
    }
  }
}

extension DeliveryError {
  /// Whether the same message isn't tried again.
  fileprivate var isFinal: Bool {
    switch self {
    case .rejected, .unauthorised: true
    case .throttled, .unreachable, .ambiguous: false
    }
  }
}

// MARK: - Gateways

extension Outlet {
  /// One exchange about a number, which stands in nothing that is told of it.
  mutating func ask(_ request: HTTPRequest, about number: String) async throws(DeliveryError) -> VendorAnswer {
    do throws(DeliveryError) {
      var response = try await send(request)
      response.body = Array(String(decoding: response.body, as: UTF8.self).hiding(number: number).utf8)
      return VendorAnswer(response)
    } catch {
      throw error.rewording { $0.hiding(number: number) }
    }
  }
}

extension String {
  /// `+86****0000`: a phone number that nobody can be called by.
  fileprivate var maskedNumber: String {
    let count = utf8.count
    guard count > 4 else { return "****" }
    return (count >= 11 ? String(prefix(3)) : "") + "****" + String(suffix(4))
  }

  /// This text without a phone number, however it is written, but for the number's end.
  fileprivate func hiding(number: String) -> String {
    let digits = String(number.drop { $0 == "+" })
    let local = number.localNumber
    return replacingBytes(number, with: number.maskedNumber).replacingBytes(
      number.percentEncoded, with: number.maskedNumber
    )
    .replacingBytes(digits, with: number.maskedNumber).replacingBytes(local, with: local.maskedNumber)
  }
}

extension SMSSpec {
  /// A POST to a gateway, with the channel's certificates and proxy.
  func request(
    to url: String, headers: [Label], body: [UInt8], _ context: ChannelContext
  ) throws(DeliveryError) -> HTTPRequest {
    HTTPRequest(
      method: "POST", url: url, headers: headers + [Label("User-Agent", context.userAgent)], body: body,
      options: try http.options(context.secrets, for: context.id.scope, egress: context.egress, timeout: timeout),
      responseLimit: 1 << 16, cutsLongAnswers: true)
  }
}
