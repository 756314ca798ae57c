import JSON
package import Model
import Specs

/// Aliyun's `SendSms` of 2017-05-25, signed by ACS3-HMAC-SHA256.
struct AliyunGateway: SMSGateway {
  private let aliyun: SMSSpec.Aliyun
  private let spec: SMSSpec
  private let context: ChannelContext
  private let keyID: String
  private let key: String
  private let parameters: String?

  init(
    _ aliyun: SMSSpec.Aliyun, _ text: SMSText, _ spec: SMSSpec, _ context: ChannelContext
  ) throws(DeliveryError) {
    self.aliyun = aliyun
    self.spec = spec
    self.context = context
    keyID = try context.secret(aliyun.accessKeyID)
    key = try context.secret(aliyun.accessKeySecret)
    let values = aliyun.parameters.map { parameter in
      JSONValue.Member(parameter.name, .string(text.value(of: parameter.part, limit: aliyun.parameterLimit)))
    }
    parameters = values.isEmpty ? nil : String(decoding: JSONValue.object(values).bytes(), as: UTF8.self)
  }

  func send(to number: String, through outlet: inout Outlet) async throws(DeliveryError) -> String {
    var time = context.clock.now
    for isLast in [false, true] {
      let answer = try await ask(number, at: time, through: &outlet)
      let code = answer.words("Code") ?? ""
      if code == "OK" { return (answer.words("BizId") ?? "").onOneLine(limit: 64) }
      guard !isLast, code.hasPrefix("InvalidTimeStamp") || code == "SignatureNonceUsed" else {
        throw try Self.error(code, answer)
      }
      time = answer.date ?? context.clock.now
    }
    throw .rejected("the signature was refused twice")
  }

  private func ask(
    _ number: String, at time: Timestamp, through outlet: inout Outlet
  ) async throws(DeliveryError) -> VendorAnswer {
    // Without `+`; Chinese numbers without country code.
    var query = [
      Label("PhoneNumbers", String(number.localNumber.drop { $0 == "+" })), Label("SignName", aliyun.signName),
      Label("TemplateCode", aliyun.templateCode),
    ]
    if let parameters { query.append(Label("TemplateParam", parameters)) }
    if let region = aliyun.regionID { query.append(Label("RegionId", region)) }
    let call = AliyunCall(
      host: Self.host(of: aliyun.apiURL), action: "SendSms", version: "2017-05-25", query: query, time: time,
      nonce: context.nonce())
    let request = try spec.request(
      to: aliyun.apiURL + "/?" + call.canonicalQuery, headers: call.headers(keyID: keyID, key: key), body: [], context)
    return try await outlet.ask(request, about: number)
  }

  /// As the header `Host` has it.
  private static func host(of url: String) -> String {
    let rest = url.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false).last ?? ""
    return String(rest.prefix { $0 != "/" && $0 != "?" })
  }

  /// By the vendor's list of error codes.
  private static func error(_ code: String, _ answer: VendorAnswer) throws(DeliveryError) -> DeliveryError {
    if code.isEmpty || code.hasPrefix("Throttling") || code == "ServiceUnavailable" { try answer.checkGateway() }
    if code.isEmpty { try answer.refuseForLackOfCode() }
    let message = answer.words("Message") ?? ""
    let words = answer.refusal(code, message)
    switch code {
    case "isv.BUSINESS_LIMIT_CONTROL":
      // The window stands in words only; a number that had its share of an hour or a day is not tried in time.
      let isLong = ["小时", "天级", "hour", "day"].contains { message.lowercased().contains($0) }
      return isLong ? .rejected(words) : .throttled(retryAfter: .seconds(60))
    case _ where code.hasPrefix("Throttling"): return .throttled(retryAfter: nil)
    case "isp.SYSTEM_ERROR", "ServiceUnavailable", "InternalError": return .unreachable(words)
    case "isv.AMOUNT_NOT_ENOUGH", "isv.OUT_OF_SERVICE", "isv.ACCOUNT_ABNORMAL", "isv.ACCOUNT_NOT_EXISTS",
      "isp.RAM_PERMISSION_DENY", "SignatureDoesNotMatch", "IncompleteSignature":
      return .unauthorised(words)
    case _ where code.hasPrefix("InvalidAccessKeyId") || code.hasPrefix("Forbidden"): return .unauthorised(words)
    case _ where code.hasPrefix("InvalidTimeStamp"):
      return .unauthorised(words + "; check this machine's clock")
    default: return .rejected(words)
    }
  }
}

/// A call of an Aliyun API by its signature of version 3.
package struct AliyunCall: Sendable {
  private let host: String
  private let action: String
  private let version: String
  private let query: [Label]
  private let date: String
  private let nonce: String

  package init(
    host: String, action: String, version: String, query: [Label], time: Timestamp, nonce: String
  ) {
    self.host = host
    self.action = action
    self.version = version
    self.query = query
    let civil = CivilTime(time)
    date = civil.dateText + "T" + civil.timeText + "Z"
    self.nonce = nonce
  }

  /// Sorted by name, percent-encoded.
  package var canonicalQuery: String {
    query.sorted { $0.name.precedesInBytes($1.name) }.map { $0.name.percentEncoded + "=" + $0.value.percentEncoded }
      .joined(separator: "&")
  }

  /// What is signed, in the order of their names; the body is empty.
  private var signedHeaders: [Label] {
    [
      Label("host", host), Label("x-acs-action", action), Label("x-acs-content-sha256", sha256([]).hexadecimal),
      Label("x-acs-date", date), Label("x-acs-signature-nonce", nonce), Label("x-acs-version", version),
    ]
  }

  /// SHA-256 of the canonical request.
  package var canonicalHash: String {
    let headers = signedHeaders.map { $0.name + ":" + $0.value + "\n" }.joined()
    let names = signedHeaders.map(\.name).joined(separator: ";")
    let request = ["POST", "/", canonicalQuery, headers, names, sha256([]).hexadecimal].joined(separator: "\n")
    return sha256(Array(request.utf8)).hexadecimal
  }

  package func signature(key: String) -> String {
    hmacSHA256(key: Array(key.utf8), Array(("ACS3-HMAC-SHA256\n" + canonicalHash).utf8)).hexadecimal
  }

  /// All but `Host`, which the transport writes.
  package func headers(keyID: String, key: String) -> [Label] {
    let names = signedHeaders.map(\.name).joined(separator: ";")
    let authorization =
      "ACS3-HMAC-SHA256 Credential=" + keyID + ",SignedHeaders=" + names + ",Signature=" + signature(key: key)
    return signedHeaders.dropFirst() + [Label("Authorization", authorization)]
  }
}
