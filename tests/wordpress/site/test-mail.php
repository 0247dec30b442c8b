<?php
/**
 * Plugin Name: Mail for tests
 * Description: Answers for the site's own mail: sent, unless the option test_mail_fails is set. Nothing leaves the machine.
 */

add_filter( 'pre_wp_mail', static fn () => ! get_option( 'test_mail_fails' ) );
