<?php
/**
 * What WPForms has that the plugin uses, in the shapes of WPForms Lite 2.0.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

/**
 * Makes the kind of post that a form is.
 */
function wpforms_register(): void {
	register_post_type( 'wpforms', array( 'public' => false ) );
}

did_action( 'init' ) ? wpforms_register() : add_action( 'init', 'wpforms_register' );

/**
 * Reads a form's content.
 */
function wpforms_decode( string $data ) {
	return json_decode( $data, true );
}
