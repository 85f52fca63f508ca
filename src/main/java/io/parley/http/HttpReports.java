package io.parley.http;

import io.parley.audit.Incidents;

/** Where the doors tell an operator what they did, and whom they turned away. */
public record HttpReports(HttpMeters meters, Incidents incidents) {}
