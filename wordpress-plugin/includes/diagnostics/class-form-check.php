<?php
/**
 * Checks the settings of a form.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WPCF7_ContactForm;
use WPCF7_FormTag;

/**
 * Finds what would stop a form's sign-ups, before a visitor does.
 */
final class Form_Check {

	/**
	 * What the site's owner should fix; nothing while the form is not connected.
	 *
	 * @param WPCF7_ContactForm         $form     The form.
	 * @param Form_Settings             $settings Its settings.
	 * @param array<string,string>|null $lists    Names of the gateway's lists by id; null when they are not known.
	 * @return string[] Sentences.
	 */
	public static function warnings( WPCF7_ContactForm $form, Form_Settings $settings, ?array $lists = null ): array {
		if ( ! $settings->enabled ) {
			return array();
		}
		$warnings = array();
		foreach ( $settings->transactional ? array() : $settings->subscriptions as $subscription ) {
			$warnings = array_merge(
				$warnings,
				self::choice_warnings( $subscription, Form_Fields::usable( $form ), $lists ),
				self::box_warnings( $form, $subscription )
			);
		}
		if ( $form->in_demo_mode() ) {
			$warnings[] = __( 'The form is in demo mode, so nothing is sent to the gateway.', 'gateway-connector' );
		}
		if ( $form->is_true( 'do_not_store' ) ) {
			$warnings[] = __( 'The additional setting do_not_store is on, so nothing is sent to the gateway.', 'gateway-connector' );
		}
		return array_values( array_unique( $warnings ) );
	}

	/**
	 * What is wrong with the choices of any form: fields and lists that are gone, and properties.
	 *
	 * @param Subscription              $subscription The choices.
	 * @param string[]                  $fields       Names of the form's fields.
	 * @param array<string,string>|null $lists        Names of the gateway's lists by id; null when they are not known.
	 * @return string[] Sentences.
	 */
	public static function choice_warnings( Subscription $subscription, array $fields, ?array $lists ): array {
		$warnings = array();
		foreach ( array_diff( $subscription->fields(), $fields ) as $field ) {
			$warnings[] = sprintf( self::vanished(), $field );
		}
		if ( null !== $lists && '' !== $subscription->list && ! isset( $lists[ $subscription->list ] ) ) {
			$warnings[] = __( 'A mailing list that was chosen here no longer exists at the gateway.', 'gateway-connector' );
		}
		return array_merge( $warnings, Property_Names::errors( $subscription->properties, $subscription->unfit_properties ) );
	}

	/**
	 * The sentence about a box that is ticked when the page comes.
	 *
	 * @param string $box What the box is called.
	 */
	public static function ticked_in_advance( string $box ): string {
		return sprintf(
			/* translators: %s: name of a form field */
			__( 'The box [%s] is ticked in advance. Such consent is not valid in the European Union.', 'gateway-connector' ),
			$box
		);
	}

	/**
	 * The sentence about a box that says nothing.
	 *
	 * @param string $box What the box is called.
	 */
	public static function without_text( string $box ): string {
		return sprintf(
			/* translators: %s: name of a form field */
			__( 'The box [%s] has no text, so a tick proves nothing and nobody is subscribed.', 'gateway-connector' ),
			$box
		);
	}

	/**
	 * The sentence about a field that no longer exists.
	 */
	public static function vanished(): string {
		/* translators: %s: name of a form field */
		return __( 'The field [%s] is used here but is no longer in the form.', 'gateway-connector' );
	}

	private static function box_warnings( WPCF7_ContactForm $form, Subscription $subscription ): array {
		$box      = Consent::boxes( $form )[ $subscription->consent ] ?? null;
		$warnings = array();
		$say      = static fn( WPCF7_FormTag $tag ): string => Consent::text( $tag, $form );
		if ( $box && $box->has_option( 'default' ) ) {
			$warnings[] = self::ticked_in_advance( $box->name );
		}
		if ( $box && '' === Consent::text( $box, $form ) ) {
			$warnings[] = self::without_text( $box->name );
		}
		if ( $box && 1 < count( array_unique( array_map( $say, Consent::tags( $form )[ $box->name ] ) ) ) ) {
			$warnings[] = sprintf(
				/* translators: %s: name of a form field */
				__(
					'The box [%s] is in the form more than once, with different texts. Give each a name of its own.',
					'gateway-connector'
				),
				$box->name
			);
		}
		if ( $box && $box->has_option( Policy::OPTION ) && '' === Policy::url( $box, $form ) ) {
			$warnings[] = sprintf(
				/* translators: %s: name of a form field */
				__(
					'The box [%s] has no privacy policy to link to. Choose the page under Settings › Privacy, or enter its address here.',
					'gateway-connector'
				),
				$box->name
			);
		}
		return $warnings;
	}
}
