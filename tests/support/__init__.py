"""What tests stand on: throwaway servers, the running system, a browser, and builders of records."""
