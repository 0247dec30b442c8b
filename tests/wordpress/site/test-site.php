<?php
/**
 * Plugin Name: Test site
 * Description: Leaves out what a site made for tests needs not have.
 */

// Answers for the site's own mail: sent, unless the option test_mail_fails is set. Nothing leaves the machine.
add_filter( 'pre_wp_mail', static fn () => ! get_option( 'test_mail_fails' ) );

// The command palette loads the block editor, some sixty scripts, on every admin page.
remove_action( 'admin_enqueue_scripts', 'wp_enqueue_command_palette_assets' );
