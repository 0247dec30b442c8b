<?php
/**
 * Consent and its wording.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WPCF7_ContactForm;
use WPCF7_FormTag;
use WPCF7_Submission;

/**
 * Reads from a form what people agree to by ticking a box, and from a submission whether they did.
 */
final class Consent {

	/**
	 * The boxes of a form that can mean consent. Not those whose tick means "no".
	 *
	 * @return array<string,WPCF7_FormTag> By name.
	 */
	public static function boxes( WPCF7_ContactForm $form ): array {
		return array_map( static fn( array $tags ) => $tags[0], self::tags( $form ) );
	}

	/**
	 * The same, with all places of a box that is in the form more than once.
	 *
	 * @return array<string,WPCF7_FormTag[]> By name.
	 */
	public static function tags( WPCF7_ContactForm $form ): array {
		$boxes = array();
		foreach ( $form->scan_form_tags( array( 'basetype' => array( Newsletter_Tag::TYPE, 'acceptance' ) ) ) as $tag ) {
			if ( '' !== $tag->name && ! $tag->has_option( 'invert' ) ) {
				$boxes[ $tag->name ][] = $tag;
			}
		}
		return $boxes;
	}

	/**
	 * What people agree to by each box.
	 *
	 * @return array<string,string> Wordings by name.
	 */
	public static function texts( WPCF7_ContactForm $form ): array {
		return array_map( static fn( WPCF7_FormTag $tag ) => self::text( $tag, $form ), self::boxes( $form ) );
	}

	/**
	 * The labels of the boxes in menus: the wording, and also the name where two have the same wording. A step of a longer form may use
	 * the boxes of the others.
	 *
	 * @return array<string,string> Labels by name.
	 */
	public static function labels( WPCF7_ContactForm $form ): array {
		$texts = self::texts( $form );
		foreach ( Multi_Step::other_steps( $form ) as $step ) {
			$texts += self::texts( $step );
		}
		$often = array_count_values( $texts );
		foreach ( $texts as $name => $text ) {
			$texts[ $name ] = 1 === $often[ $text ] && '' !== $text ? $text : trim( "{$text} [{$name}]" );
		}
		return $texts;
	}

	/**
	 * The wording beside a box, as HTML.
	 */
	public static function html( WPCF7_FormTag $tag, ?WPCF7_ContactForm $form ): string {
		$ours = Newsletter_Tag::TYPE === $tag->basetype;
		// Contact Form 7 shows an acceptance's value up to a "|", ours whole.
		$values = $ours ? $tag->raw_values : $tag->values;
		$words  = trim( (string) $tag->content );
		$words  = '' === $words ? trim( (string) reset( $values ) ) : $words;
		return '' !== $words && $ours ? trim( $words . ' ' . Policy::link( $tag, $form ) ) : $words;
	}

	/**
	 * The wording beside a box, as people read it.
	 */
	public static function text( WPCF7_FormTag $tag, ?WPCF7_ContactForm $form ): string {
		return Plain_Text::of( self::html( $tag, $form ) );
	}

	/**
	 * The consent member of a submission: what the page showed, and whether the visitor ticked it. A box without words proves nothing.
	 *
	 * @param Subscription     $subscription The list and its box.
	 * @param WPCF7_Submission $submission   The submission.
	 * @param Shown_Form|null  $shown        What the page showed; null when that is not known.
	 */
	public static function read( Subscription $subscription, WPCF7_Submission $submission, ?Shown_Form $shown ): array {
		if ( ! $shown ) {
			return self::without_words( $subscription, $submission );
		}
		$proof = array(
			'given' => false,
			'text'  => '',
		);
		foreach ( $shown->boxes_for( $subscription->list, $subscription->consent ) as $name ) {
			$box   = $shown->boxes[ $name ];
			$place = self::ticked_place( $name, $box, $submission );
			$text  = (string) ( $box['texts'][ max( 0, $place ) ] ?? '' );
			if ( $place >= 0 || '' === $proof['text'] ) {
				$proof = array(
					'given'         => $place >= 0 && '' !== $text,
					'text'          => $text,
					'policyUrl'     => (string) $box['policyUrl'],
					'policyVersion' => (string) $box['policyVersion'],
				);
			}
			if ( $proof['given'] ) {
				break;
			}
		}
		return array_filter( $proof, static fn( $value, $member ) => '' !== $value || 'text' === $member, ARRAY_FILTER_USE_BOTH );
	}

	/**
	 * The consent of a form whose page does not prove what it showed. The person is asked by mail all the same, which is what counts in the
	 * end, and the evidence says nothing that the page may not have said.
	 */
	private static function without_words( Subscription $subscription, WPCF7_Submission $submission ): array {
		$form = $submission->get_contact_form();
		$tags = self::tags( $form )[ $subscription->consent ] ?? array();
		$box  = array(
			'ours'   => $tags && Newsletter_Tag::TYPE === $tags[0]->basetype,
			'texts'  => array_map( static fn( WPCF7_FormTag $tag ) => self::text( $tag, $form ), $tags ),
			'groups' => Conditional_Groups::around_fields( $form )[ $subscription->consent ] ?? array(),
		);

		$place = $tags ? self::ticked_place( $subscription->consent, $box, $submission ) : -1;
		$given = $place >= 0 && '' !== ( $box['texts'][ $place ] ?? '' );
		return array(
			'given' => $given,
			'text'  => $given
				? __( '(The words beside the box are not known: the page did not carry this site’s signature.)', 'gateway-connector' )
				: '',
		);
	}

	/**
	 * Which of the places of a box is ticked; -1 if none is that the visitor could see.
	 *
	 * @param string           $name       The box.
	 * @param array            $box        Whether it is ours, its texts and groups by place.
	 * @param WPCF7_Submission $submission The submission.
	 */
	private static function ticked_place( string $name, array $box, WPCF7_Submission $submission ): int {
		$value = $submission->get_posted_string( $name );
		$value = '' === $value ? trim( Request::text( $name ) ) : $value;
		$count = count( $box['texts'] );
		$is_no = '' === $value || '0' === $value;
		$place = ctype_digit( $value ) && $value >= 1 && $value <= $count ? (int) $value - 1 : 0;
		if ( $is_no || ( $box['ours'] && (string) ( $place + 1 ) !== $value ) ) {
			return -1;
		}
		$groups    = (array) ( $box['groups'][ $place ] ?? array() );
		$is_hidden = array() === $groups || 1 === $count
			? in_array( $name, Conditional_Groups::hidden_fields( $submission->get_contact_form() ), true )
			: false;
		return $is_hidden || Conditional_Groups::is_any_hidden( $groups ) ? -1 : $place;
	}
}
