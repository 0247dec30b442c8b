<?php
/**
 * Checks the settings of a form.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WPCF7_ContactForm;

/**
 * Finds what would keep a form's sign-ups from arriving, before a visitor does.
 */
final class Form_Check {

	/**
	 * What the site's owner should put right; nothing while the form is not connected.
	 *
	 * @return string[] Sentences.
	 */
	public static function warnings( WPCF7_ContactForm $form, Form_Settings $settings ): array {
		if ( ! $settings->enabled ) {
			return array();
		}
		$warnings = array();
		foreach ( $settings->subscriptions as $subscription ) {
			foreach ( array_diff( $subscription->fields(), self::field_names( $form ) ) as $field ) {
				/* translators: %s: name of a form field */
				$warnings[] = sprintf( __( 'The field [%s] is used here but is no longer in the form.', 'gateway-connector' ), $field );
			}
			$box = Consent::boxes( $form )[ $subscription->consent ] ?? null;
			if ( $box && $box->has_option( 'default' ) ) {
				/* translators: %s: name of a form field */
				$warnings[] = sprintf( __( 'The box [%s] is ticked in advance (default:on). Consent given like that is not valid in the European Union.', 'gateway-connector' ), $box->name );
			}
		}
		if ( $form->in_demo_mode() ) {
			$warnings[] = __( 'The form is in demo mode, so nothing is handed to the gateway.', 'gateway-connector' );
		}
		if ( $form->is_true( 'do_not_store' ) ) {
			$warnings[] = __( 'The additional setting do_not_store is on, so nothing is handed to the gateway.', 'gateway-connector' );
		}
		return $warnings;
	}

	/**
	 * Names of the fields that hold text, for the menus.
	 *
	 * @return string[]
	 */
	public static function text_fields( WPCF7_ContactForm $form ): array {
		return array_values(
			array_diff(
				self::names( $form, array( 'name-attr', '! file-uploading', '! not-for-mail' ) ),
				array_keys( Consent::boxes( $form ) )
			)
		);
	}

	private static function field_names( WPCF7_ContactForm $form ): array {
		return self::names( $form, array( 'name-attr', '! file-uploading' ) );
	}

	private static function names( WPCF7_ContactForm $form, array $features ): array {
		$names = array_column( $form->scan_form_tags( array( 'feature' => $features ) ), 'name' );
		return array_values( array_unique( array_filter( $names, 'strlen' ) ) );
	}
}
