<?php
/**
 * What WPForms has that the plugin uses, in the shapes of WPForms Lite 2.0.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

register_post_type( 'wpforms', array( 'public' => false ) );

/**
 * Reads a form's content.
 */
function wpforms_decode( string $data ) {
	return json_decode( $data, true );
}
