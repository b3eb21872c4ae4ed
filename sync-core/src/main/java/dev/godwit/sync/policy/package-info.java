/**
 * How concurrent versions of one unit become the value that is shown: column policies, existence
 * policies, and what an application's own resolver is given. Pure.
 */
package dev.godwit.sync.policy;
