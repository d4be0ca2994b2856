import RecurrentNetwork

extension NetworkError: SettingsError {}
