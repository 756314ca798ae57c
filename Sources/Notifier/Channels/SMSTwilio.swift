import JSON
import Model
import Specs

/// Twilio's API of 2010-04-01: a form for each message.
struct TwilioGateway: SMSGateway {
  private let twilio: SMSSpec.Twilio
  private let text: String
  private let spec: SMSSpec
  private let context: ChannelContext
  private let password: String

  init(
    _ twilio: SMSSpec.Twilio, _ text: String, _ spec: SMSSpec, _ context: ChannelContext
  ) throws(DeliveryError) {
    self.twilio = twilio
    self.text = text
    self.spec = spec
    self.context = context
    password = try context.secret(twilio.password)
  }

  func send(to number: String, through outlet: inout Outlet) async throws(DeliveryError) -> String {
    let login = (twilio.username + ":" + password).utf8.base64
    let headers = [
      Label("Content-Type", "application/x-www-form-urlencoded"), Label("Authorization", "Basic " + login),
    ]
    let url = twilio.apiURL + "/2010-04-01/Accounts/" + twilio.accountSID.percentEncoded + "/Messages.json"
    let request = try spec.request(to: url, headers: headers, body: Array(form(to: number).utf8), context)
    let answer = try await outlet.ask(request, about: number)
    try answer.checkGateway()
    if let code = answer.number("code") { throw Self.error(code, answer) }
    try answer.checkStatus()
    if let code = answer.number("error_code") { throw Self.error(code, answer) }
    return (answer.words("sid") ?? "").onOneLine(limit: 64)
  }

  private func form(to number: String) -> String {
    let sender =
      switch twilio.sender {
      case .from(let from): "From=" + from.percentEncoded
      case .messagingService(let id): "MessagingServiceSid=" + id.percentEncoded
      }
    return "To=" + number.percentEncoded + "&" + sender + "&Body=" + text.percentEncoded
  }

  /// By Twilio's list of error codes.
  private static func error(_ code: Int, _ answer: VendorAnswer) -> DeliveryError {
    let message = answer.words("message") ?? answer.words("error_message") ?? ""
    return switch code {
    case 20_003: .unauthorised(answer.refusal(code, message))
    case 20_429: .throttled(retryAfter: nil)
    case 21_611: .throttled(retryAfter: .seconds(300))
    case 21_603, 21_606, 21_659: .unauthorised(answer.refusal(code, message, "check 'from' of the channel"))
    case 21_610: .rejected(answer.refusal(code, message, "its owner answered STOP"))
    case 30_001, 30_003, 30_008: .unreachable(answer.refusal(code, message))
    default: .rejected(answer.refusal(code, message))
    }
  }
}
