import Model

/// Text messages by Twilio or Aliyun.
package struct SMSSpec: Hashable, Sendable {
  /// Who carries the messages.
  package enum Provider: Hashable, Sendable {
    case twilio(Twilio)
    case aliyun(Aliyun)
  }

  /// An account of Twilio.
  package struct Twilio: Hashable, Sendable {
    /// `AC…`, part of the address.
    package var accountSID: String
    /// Whose password `password` is: the account, or an API key (`SK…`).
    package var username: String
    /// The name of the secret that holds the auth token, or the API key's secret.
    package var password: String
    package var sender: Sender
    /// The base of the API's address, without a slash at its end.
    package var apiURL = "https://api.twilio.com"

    /// Whom a message comes from.
    package enum Sender: Hashable, Sendable {
      /// A number, or a name where the country allows one.
      case from(String)
      /// `MG…`.
      case messagingService(String)
    }

    package init(accountSID: String, username: String, password: String, sender: Sender) {
      self.accountSID = accountSID
      self.username = username
      self.password = password
      self.sender = sender
    }
  }

  /// An account of Aliyun's short message service, which sends approved templates and no free text.
  package struct Aliyun: Hashable, Sendable {
    /// The name of the secret that holds the AccessKey's id.
    package var accessKeyID: String
    /// The name of the secret that holds the AccessKey's secret.
    package var accessKeySecret: String
    /// An approved signature, without 【】.
    package var signName: String
    /// `SMS_…`.
    package var templateCode: String
    /// The template's variables, in the order written.
    package var parameters: [Parameter] = []
    /// The most characters of one variable.
    package var parameterLimit = 35
    package var regionID: String?
    /// The base of the API's address, without a slash at its end.
    package var apiURL = "https://dysmsapi.aliyuncs.com"

    package init(accessKeyID: String, accessKeySecret: String, signName: String, templateCode: String) {
      self.accessKeyID = accessKeyID
      self.accessKeySecret = accessKeySecret
      self.signName = signName
      self.templateCode = templateCode
    }
  }

  /// A variable of a template, and what stands for it.
  package struct Parameter: Hashable, Sendable {
    package var name: String
    package var part: Part

    package init(_ name: String, _ part: Part) {
      self.name = name
      self.part = part
    }
  }

  /// A part of a message that can stand for a variable; the raw value is the word in YAML.
  package enum Part: String, Hashable, Sendable, CaseIterable {
    /// Everything in one line, as in other channels' titles.
    case title
    /// Firing or resolved, with the count.
    case state
    case severity
    /// The alert's name.
    case alert
    case summary
    /// How many alerts.
    case count
    /// Tenant and project.
    case scope
    /// When it was sent.
    case time
  }

  package var provider: Provider
  /// Numbers in E.164 form, such as `+8613800000000`; never empty.
  package var to: [String]
  /// The most parts of one message, each of which is paid for; of Twilio only.
  package var maxParts = 3
  /// Certificates and proxy.
  package var http = HTTPSettings()
  /// For one attempt.
  package var timeout: Duration = .seconds(10)

  package init(provider: Provider, to: [String]) {
    self.provider = provider
    self.to = to
  }
}

extension SMSSpec {
  func visit(_ visitor: inout some FieldVisitor) {
    visitor.list("to", to)
    switch provider {
    case .twilio(let twilio):
      visitor.open("twilio")
      twilio.visit(&visitor)
      visitor.close()
      visitor.field("max_parts", maxParts)
    case .aliyun(let aliyun):
      visitor.open("aliyun")
      aliyun.visit(&visitor)
      visitor.close()
    }
    http.visit(&visitor)
    visitor.field("timeout", timeout)
  }
}

extension SMSSpec.Twilio {
  fileprivate func visit(_ visitor: inout some FieldVisitor) {
    visitor.field("account_sid", accountSID)
    if username != accountSID { visitor.field("api_key", username) }
    visitor.field(username == accountSID ? "auth_token" : "api_secret", password)
    switch sender {
    case .from(let number): visitor.field("from", number)
    case .messagingService(let id): visitor.field("messaging_service_sid", id)
    }
    visitor.field("api_url", apiURL)
  }
}

extension SMSSpec.Aliyun {
  fileprivate func visit(_ visitor: inout some FieldVisitor) {
    visitor.field("access_key_id", accessKeyID)
    visitor.field("access_key_secret", accessKeySecret)
    visitor.field("sign_name", signName)
    visitor.field("template_code", templateCode)
    if !parameters.isEmpty {
      visitor.open("template_params")
      for parameter in parameters { visitor.field(parameter.name, parameter.part.rawValue) }
      visitor.close()
    }
    visitor.field("param_length", parameterLimit)
    visitor.field("region", regionID)
    visitor.field("api_url", apiURL)
  }
}
