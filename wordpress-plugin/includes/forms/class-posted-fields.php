<?php
/**
 * What a visitor entered.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WPCF7_ContactForm;
use WPCF7_FormTag;
use WPCF7_Submission;

/**
 * The fields of a form as the visitor saw and filled them in.
 *
 * The posted data may hold other values too, so only the form's own fields are kept, and those that its settings name: these may come from
 * an earlier step of a longer form. Files stay on the site, and so does what was hidden from the visitor.
 */
final class Posted_Fields {

	/**
	 * Texts, or lists of texts, by name.
	 *
	 * @return array<string,string|string[]>
	 */
	public static function of( WPCF7_ContactForm $form, WPCF7_Submission $submission, Form_Settings $settings ): array {
		$posted = (array) $submission->get_posted_data();
		$tags   = self::tags( $form );
		$fields = array();
		foreach ( array_diff( self::names( $tags, $settings ), Conditional_Groups::hidden_fields( $form ) ) as $name ) {
			$value = $posted[ $name ] ?? null;
			$value = isset( $tags[ $name ] ) ? self::visible( $tags[ $name ], $value ) : $value;
			if ( is_array( $value ) ) {
				$fields[ $name ] = array_values( array_filter( $value, 'is_string' ) );
			} elseif ( is_scalar( $value ) ) {
				$fields[ $name ] = (string) $value;
			}
		}
		return $fields;
	}

	/**
	 * The first text of a field.
	 *
	 * @param array<string,string|string[]> $fields What of() returned.
	 */
	public static function text( array $fields, string $name ): string {
		$value = (array) ( $fields[ $name ] ?? '' );
		return trim( (string) reset( $value ) );
	}

	/**
	 * The form's fields, but files, by name.
	 *
	 * @return array<string,WPCF7_FormTag>
	 */
	private static function tags( WPCF7_ContactForm $form ): array {
		$tags = $form->scan_form_tags( array( 'feature' => array( 'name-attr', '! file-uploading' ) ) );
		return array_column( $tags, null, 'name' );
	}

	/**
	 * Names of the fields to keep.
	 *
	 * @param array<string,WPCF7_FormTag> $tags     The form's fields.
	 * @param Form_Settings               $settings The form's settings.
	 * @return string[]
	 */
	private static function names( array $tags, Form_Settings $settings ): array {
		$names = array_map( 'strval', array_keys( $tags ) );
		foreach ( $settings->complete() as $subscription ) {
			$names = array_merge( $names, $subscription->fields() );
		}
		return array_unique( array_filter( $names, 'strlen' ) );
	}

	/**
	 * A choice as the visitor saw it. Of a choice "Sales|sales@shop.example", Contact Form 7 posts on what stands behind the "|",
	 * which the site's owner keeps from visitors.
	 *
	 * @param WPCF7_FormTag $tag   The field.
	 * @param mixed         $value Its value in the posted data.
	 * @return mixed
	 */
	private static function visible( WPCF7_FormTag $tag, $value ) {
		if ( ! is_array( $value ) || ! is_object( $tag->pipes ) || $tag->pipes->collect_befores() === $tag->pipes->collect_afters() ) {
			return $value;
		}
		$typed = array_values( Request::members( $tag->name ) );
		foreach ( array_values( $value ) as $index => $behind ) {
			$choice = is_string( $typed[ $index ] ?? null ) ? trim( wp_kses_no_null( wp_check_invalid_utf8( $typed[ $index ] ) ) ) : '';
			$pipe   = (string) $tag->pipes->do_pipe( $choice );
			// What people wrote beside a choice follows it.
			$value[ $index ] = '' !== $choice && is_string( $behind ) && 0 === strpos( $behind, $pipe )
				? $choice . substr( $behind, strlen( $pipe ) )
				: self::before( $tag, $behind );
		}
		return $value;
	}

	/**
	 * What stands before the "|", found from what stands behind it.
	 *
	 * @param WPCF7_FormTag $tag    The field.
	 * @param mixed         $behind The value.
	 * @return mixed
	 */
	private static function before( WPCF7_FormTag $tag, $behind ) {
		$place = array_search( $behind, $tag->pipes->collect_afters(), true );
		return false === $place ? $behind : $tag->pipes->collect_befores()[ $place ];
	}
}
